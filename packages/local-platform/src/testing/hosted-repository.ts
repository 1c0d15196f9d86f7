import { join } from 'node:path'
import { prepareRepository } from '../git-host/repository.ts'

/** The repository `demo/shop` (number 22), or another, on the Git host that serves `root`; pushes send no webhook. */
export async function createHostedRepository(
  root: string,
  repository = { id: 22, name: 'shop' },
): Promise<string> {
  const gitDir = join(root, 'demo', `${repository.name}.git`)
  await prepareRepository({
    gitDir,
    settings: {
      webhook_secret: 'secret',
      repo_connection_uuid: crypto.randomUUID(),
      account_id: 'a'.repeat(32),
      address_file: join(root, 'stack.json'),
      hook_id: 1,
      owner: { id: 11, login: 'demo' },
      repository,
    },
  })
  return gitDir
}
