import { chmod, chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders of one build: everything that it writes goes below `path`. */
export interface BuildFolder {
  path: string
  /** HOME and working folder of the runner. */
  home: string
  /** TMPDIR; the build's /tmp too where it has one of its own. */
  temporary: string
  /** The build's /var/tmp, where it has one of its own. */
  temporaryKept: string
  /** Where archives of the build cache pass between runner and host: `restore` and `save` are in it. */
  cache: string
  /** What earlier builds saved, for the build to read. */
  restore: string
  /** What the build saves. */
  save: string
  /** The user that the build runs as; ours when undefined. */
  uid: number | undefined
}

/**
 * Makes the folders of a build, for the user `uid` alone; for ours when undefined. Those that hold
 * others stay ours: the build can pass them, and cannot put something else in the place of a folder
 * that we use later.
 */
export async function makeBuildFolder(path: string, uid: number | undefined): Promise<BuildFolder> {
  const cache = join(path, 'cache')
  const folder = {
    path,
    home: join(path, 'home'),
    temporary: join(path, 'tmp'),
    temporaryKept: join(path, 'var-tmp'),
    cache,
    restore: join(cache, 'restore'),
    save: join(cache, 'save'),
    uid,
  }
  for (const each of [folder.path, folder.cache, folder.restore]) {
    await mkdir(each, { mode: 0o700 })
    if (uid !== undefined) await chown(each, process.getuid?.() ?? 0, uid)
    if (uid !== undefined) await chmod(each, 0o750)
  }
  for (const each of [folder.home, folder.save]) {
    await mkdir(each, { mode: 0o700 })
    if (uid !== undefined) await chown(each, uid, uid)
  }
  for (const each of [folder.temporary, folder.temporaryKept]) {
    await mkdir(each, { mode: 0o700 })
    if (uid !== undefined) await chmod(each, 0o1777) // as /tmp; nobody else passes `path`
  }
  return folder
}
