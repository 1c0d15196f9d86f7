import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A Git repository with these files in one commit on `branch`. */
export async function createProject({
  branch = 'main',
  files,
}: {
  branch?: string
  files: Record<string, string | object>
}) {
  const folder = await mkdtemp(join(tmpdir(), 'workers-builds-project-'))
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
  await git('commit', '--quiet', '--message', 'Change everything')

  return {
    folder,
    /** Pushes the branch; answers the commit. */
    async push(remote: string): Promise<string> {
      await git('push', '--quiet', remote, `HEAD:refs/heads/${branch}`)
      return await git('rev-parse', 'HEAD')
    },
  }
}
