import { cp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { git } from '@workers-builds/local-platform/git-host'

/** A Worker whose build fails: it imports a file that is not there. */
const PROJECT = fileURLToPath(new URL('../../demo-project', import.meta.url))

const PERSON = {
  GIT_AUTHOR_NAME: 'Demo',
  GIT_AUTHOR_EMAIL: 'demo@example.com',
  GIT_COMMITTER_NAME: 'Demo',
  GIT_COMMITTER_EMAIL: 'demo@example.com',
}

/** Commits the demo project in `folder` and pushes it; answers the commit's hash. */
export async function pushProject({
  folder,
  remote,
}: {
  folder: string
  remote: string
}): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await cp(PROJECT, folder, { recursive: true })
  const run = (...args: string[]) => git(args, { cwd: folder, env: PERSON })
  await run('init', '--quiet', '--template=', '--initial-branch=main')
  await run('add', '--all', '--force')
  await run('commit', '--quiet', '--message', 'Show the balance of an account')
  await run('push', '--quiet', remote, 'HEAD')
  return (await run('rev-parse', 'HEAD')).trim()
}
