import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'

const OPTIONS = { recursive: true, force: true, maxRetries: 5 }

/**
 * Removes a folder that a build wrote to, if it is there. Throws an error that names this folder
 * alone: what is in it has names that a build chose, for a terminal that prints them perhaps.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, OPTIONS)
  } catch {
    await removeWithPrograms(path)
  }
}

/**
 * What Node cannot remove: folders without write permission, as in Go's module cache, and folders
 * nested deeper than a path may be long. The system's own programs go from folder to folder.
 */
async function removeWithPrograms(path: string): Promise<void> {
  // Permissions mean nothing to root, for whom a build may have planted a link to another's file.
  if (process.geteuid?.() !== 0) await run('chmod', ['-R', 'u+rwx', '--', path])
  await run('rm', ['-rf', '--', path])
}

async function run(program: string, args: string[]): Promise<void> {
  try {
    await promisify(execFile)(program, args, { env: { PATH: '/usr/bin:/bin' } })
  } catch (error) {
    const { code } = error as { code?: number | string }
    throw new Error(`${args.at(-1)} cannot be removed: ${program} ended with ${code ?? 'a signal'}`)
  }
}
