import { chmod, constants, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const SOURCE = fileURLToPath(new URL('../../build-runner/src/build-runner.app.ts', import.meta.url))

/** Runs the runner from its source, with the Node that runs us. */
export const SOURCE_COMMAND = [process.execPath, SOURCE]

/**
 * Makes a copy of the runner, in one file, and of Node in `folder`, for users that can read neither
 * where they are. Answers with the command that runs it.
 */
export async function copyRunner(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const node = join(folder, basename(process.execPath))
  await copyFile(process.execPath, node, constants.COPYFILE_FICLONE)
  await chmod(node, 0o755)
  const runner = join(folder, 'build-runner.mjs')
  await writeFile(runner, await bundleRunner(), { mode: 0o644 })
  await chmod(folder, 0o755)
  return [node, runner]
}

/** The runner with all that it imports, as one module. */
export async function bundleRunner(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [SOURCE],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    write: false,
    // Packages that are CommonJS still call `require` for what Node brings.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  return outputFiles[0]?.text ?? ''
}
