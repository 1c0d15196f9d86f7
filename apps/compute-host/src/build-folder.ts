import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders of one build: everything that it writes goes below `path`. */
export interface BuildFolder {
  path: string
  /** HOME and working folder of the runner. */
  home: string
  /** TMPDIR. */
  temporary: string
}

/** Makes the folders of a build, for the user `uid` alone; for ours when undefined. */
export async function makeBuildFolder(path: string, uid: number | undefined): Promise<BuildFolder> {
  const folder = { path, home: join(path, 'home'), temporary: join(path, 'tmp') }
  for (const each of [folder.path, folder.home, folder.temporary]) {
    await mkdir(each, { mode: 0o700 })
    if (uid !== undefined) await chown(each, uid, uid)
  }
  return folder
}
