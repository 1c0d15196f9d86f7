import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'

const run = promisify(execFile)

/** A Git repository with these files in one commit on `branch`. */
export async function createProject({
  branch = 'main',
  files,
}: {
  branch?: string
  files: Record<string, string | object>
}) {
  const { path: folder, remove } = await createTemporaryFolder('project')
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']
    return (await run('git', [...identity, ...args], { cwd: folder })).stdout.trim()
  }
  await git('init', '--quiet', '--initial-branch', branch)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2)
    await writeFile(join(folder, path), text)
  }
  await git('add', '--all')
  // Two branches with the same files in the same second would otherwise be the same commit.
  const commitAll = (message: string) => git('commit', '--quiet', '--message', message)
  await commitAll(`Change everything on ${branch}`)

  return {
    folder,
    /** Deletes the local repository. */
    remove,
    /** Commits a submodule at `path` that stands at `commit`; `.gitmodules` has its address. */
    async addSubmodule(path: string, commit: string): Promise<void> {
      await git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`)
      await commitAll(`Add the submodule ${path}`)
    },
    /** Pushes the branch; answers the commit. */
    async push(remote: string): Promise<string> {
      await git('push', '--quiet', remote, `HEAD:refs/heads/${branch}`)
      return await git('rev-parse', 'HEAD')
    },
  }
}
