import { randomBytes, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { git } from '@workers-builds/local-platform/git-host'
import type { StackSecrets } from '../../src/stack/secrets.ts'
import { type DemoProject, seed } from '../../src/stack/seed.ts'

/** Nothing to install, build or deploy: what is measured ends where these would begin. */
export const PROJECT: DemoProject = {
  account_name: 'Bench',
  script_name: 'bench-worker',
  owner: 'bench',
  repo: 'bench-worker',
  build_command: '',
  deploy_command: 'true',
}

/** Accounts of their own, each with a Worker that is built from the one repository. */
export async function createTenants(
  count: number,
  { databaseUrl, secrets }: { databaseUrl: string; secrets: StackSecrets },
): Promise<string[]> {
  const connections: string[] = []
  for (let i = 0; i < count; i++) {
    const own = {
      account_id: randomBytes(16).toString('hex'),
      script_tag: randomBytes(16).toString('hex'),
      repo_connection_uuid: randomUUID(),
      build_token_uuid: randomUUID(),
      trigger_uuid: randomUUID(),
    }
    await seed({ databaseUrl, secrets: { ...secrets, ...own }, project: PROJECT })
    connections.push(own.repo_connection_uuid)
  }
  return connections
}

const PERSON = {
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
}

/** Puts a commit into the bare repository, without a push that would make a build of it. */
export async function createCommit(gitDir: string): Promise<string> {
  const { path: folder, remove } = await createTemporaryFolder('bench')
  const run = (...args: string[]) => git(args, { cwd: folder, env: PERSON })
  try {
    await run('init', '--quiet', '--template=', '--initial-branch=main')
    await writeFile(join(folder, 'README.md'), 'Nothing to build.\n')
    await run('add', '--all')
    await run('commit', '--quiet', '--message', 'Begin')
    await git(['fetch', '--quiet', folder, 'main:refs/heads/main'], { cwd: gitDir })
    return (await run('rev-parse', 'HEAD')).trim()
  } finally {
    await remove()
  }
}
