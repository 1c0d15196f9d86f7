import { chmod, constants, copyFile, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleRunner } from '@workers-builds/build-runner/bundle'

/**
 * Puts the runner, as one file, into `folder`, where every user can read it. With `copyNode`, a copy
 * of Node beside it. Answers with the command that runs it.
 */
export async function makeRunner({
  folder,
  copyNode,
}: {
  folder: string
  copyNode: boolean
}): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
  const runner = join(folder, 'build-runner.mjs')
  await writeFile(`${runner}.new`, bundleRunner())
  await moveInPlace(runner, 0o644)
  // Otherwise SIGUSR1, from a build that is our own user, would open Node's debugger.
  const run = ['--disable-sigusr1', runner]
  if (!copyNode) return [process.execPath, ...run]
  const node = join(folder, 'node')
  await copyFile(process.execPath, `${node}.new`, constants.COPYFILE_FICLONE)
  await moveInPlace(node, 0o755)
  return [node, ...run]
}

/** A runner of an earlier host may still be ending: its files are replaced, not written to. */
async function moveInPlace(path: string, mode: number): Promise<void> {
  await chmod(`${path}.new`, mode)
  await rename(`${path}.new`, path)
}
