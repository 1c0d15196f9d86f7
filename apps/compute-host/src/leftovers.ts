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
import { isBuildUid } from './build-user.ts'
import { removeFolder } from './remove-folder.ts'

/**
 * Removes the builds that an earlier host, killed hard, left in `buildsDir`. Their runners have
 * ended when their stdin closed; whatever else is still alive is ended here.
 */
export async function removeLeftovers(buildsDir: string): Promise<void> {
  const names = await readdir(buildsDir).catch(() => [])
  for (const name of names) {
    if (!BuildUuid.safeParse(name.replace(/^try-/, '')).success) continue
    const folder = join(buildsDir, name)
    const { uid } = await stat(folder)
    await killProcesses(
      anyOf(
        startedWith(`WORKERS_CI_BUILD_UUID=${name}`),
        workingBelow(folder),
        ...(isBuildUid(uid) ? [ownedBy(uid)] : []),
      ),
    )
    await removeFolder(folder)
  }
}
