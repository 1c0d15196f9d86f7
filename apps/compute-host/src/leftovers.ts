import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildUuid } from '@workers-builds/contracts'
import {
  anyOf,
  killProcesses,
  ownedBy,
  startedWith,
  workingBelow,
} from '@workers-builds/process-tree'
import { isBuildUid } from './build-uids.ts'
import { removeFolder } from './remove-folder.ts'
import { removeShared } from './shared-leftovers.ts'

/**
 * Removes the builds that an earlier host, killed hard, left in `buildsDir`. Their runners have
 * ended when their stdin closed; whatever else is still alive is ended here. What cannot be removed
 * is passed to `warn`, and left for the next start: it takes space, and holds up nothing.
 */
export async function removeLeftovers(
  buildsDir: string,
  warn: (warning: string) => void,
): Promise<void> {
  const names = await readdir(buildsDir).catch(() => [])
  for (const name of names) {
    if (!BuildUuid.safeParse(name.replace(/^try-/, '')).success) continue
    const folder = join(buildsDir, name)
    try {
      await removeLeftover(folder)
    } catch (error) {
      warn(`cannot remove ${folder}, which an earlier build left: ${error}`)
    }
  }
}

async function removeLeftover(folder: string) {
  // The folder itself is ours, `home` is the build's.
  const { uid } = await stat(join(folder, 'home')).catch(() => stat(folder))
  const survivors = await killProcesses(
    anyOf(
      startedWith(`HOME=${join(folder, 'home')}`),
      workingBelow(folder),
      ...(isBuildUid(uid) ? [ownedBy(uid)] : []),
    ),
  )
  if (survivors.length > 0) throw new Error(`process ${survivors[0]?.pid} cannot be ended`)
  if (isBuildUid(uid)) await removeShared(uid)
  await removeFolder(folder)
}
