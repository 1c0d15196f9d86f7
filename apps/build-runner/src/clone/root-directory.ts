import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { StepFailed } from '../step-failed.ts'

/**
 * The folder of the repository that the build works in. Throws StepFailed when there is no such
 * folder, or when it lies outside the repository.
 */
export async function resolveRootDirectory(
  repository: string,
  root_directory: string,
): Promise<string> {
  try {
    const root = await realpath(repository)
    const folder = await realpath(join(root, root_directory))
    const isInside = folder === root || folder.startsWith(root + sep)
    if (isInside && (await stat(folder)).isDirectory()) return folder
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
  throw new StepFailed({
    failure_reason: 'clone_failed',
    exit_code: null,
    message: 'Failed: root directory not found',
  })
}
