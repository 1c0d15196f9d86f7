import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git } from '../git-host/git.ts'
import { temporaryFolder } from './temporary-folder.ts'

const PERSON = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
}

/** A person's clone, with just what a test needs of git. */
export async function createWorkTree() {
  const folder = await temporaryFolder()
  const run = (...args: string[]) => git(args, { cwd: folder, env: PERSON })
  await run('init', '--quiet', '--initial-branch=main')
  return {
    folder,
    git: run,
    /** Commits `files` (null deletes one) and answers the commit's hash. */
    async commit(message: string, files: Record<string, string | null>): Promise<string> {
      for (const [path, content] of Object.entries(files)) {
        if (content === null) await run('rm', '--quiet', path)
        else {
          await mkdir(dirname(join(folder, path)), { recursive: true })
          await writeFile(join(folder, path), content)
        }
      }
      await run('add', '--all')
      await run('commit', '--quiet', '--allow-empty', '--message', message)
      return (await run('rev-parse', 'HEAD')).trim()
    },
  }
}
