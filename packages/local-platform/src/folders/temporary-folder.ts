import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder {
  path: string
  /** Deletes the folder with everything in it. */
  remove(): Promise<void>
}

/**
 * An empty folder of one's own, named after `name`. Other users may pass through it, though not
 * read it: Postgres and builds run as users of their own and need what lies below.
 */
export async function createTemporaryFolder(name: string): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `workers-builds-${name}-`)))
  await chmod(path, 0o711)
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
