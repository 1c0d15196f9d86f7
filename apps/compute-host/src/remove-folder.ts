import { chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const OPTIONS = { recursive: true, force: true, maxRetries: 5 }

/**
 * Removes a folder that a build wrote to, if it is there. What is in a folder without write
 * permission, as in Go's module cache, can be removed only after the folder was opened.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, OPTIONS)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['EACCES', 'EPERM'].includes(code)) throw error
    await openFolders(path)
    await rm(path, OPTIONS)
  }
}

/** Gives us write permission on `folder` and all folders below; links are not followed. */
async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name))
  }
}
