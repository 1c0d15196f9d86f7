/** The bare repositories of the Git host, as GitHub's API describes them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HostedCommit, HostedRepository } from '@workers-builds/git-providers/testing'
import { git } from './git.ts'
import { readWebhookSettings } from './webhook-settings.ts'

const NAME = /^[\w-]+$/
const REPOSITORY_NAME = /^\w[\w.-]*$/

/** The repository `<root>/<owner>/<name>.git`; undefined when there is none. */
export async function findGitRepository(
  root: string,
  owner: string,
  name: string,
): Promise<HostedRepository | undefined> {
  const gitDir = join(root, owner, `${name}.git`)
  if (!NAME.test(owner) || !REPOSITORY_NAME.test(name) || !existsSync(join(gitDir, 'HEAD'))) {
    return undefined
  }
  const { repository } = await readWebhookSettings(gitDir)
  /** What git prints; undefined where it knows nothing of the kind. */
  const ask = (...args: string[]) => git(args, { cwd: gitDir }).catch(() => undefined)

  async function describe(revision: string): Promise<HostedCommit | undefined> {
    const printed = await ask(
      'log',
      '--max-count=1',
      '--format=%H%x00%an%x00%B',
      '--end-of-options',
      revision,
      '--',
    )
    if (printed === undefined) return undefined
    const [commit_hash = '', author = '', message = ''] = printed.split('\0')
    return { commit_hash, author, commit_message: message.trimEnd() }
  }

  return {
    id: repository.id,
    owner,
    name,
    branch: (branch) => describe(`refs/heads/${branch}`),
    commit: async (hash) =>
      /^[0-9a-f]{4,64}$/.test(hash) ? await describe(`${hash}^{commit}`) : undefined,
    file: (commit_hash, path) => ask('cat-file', 'blob', `${commit_hash}:${path}`),
    async folder(commit_hash, path) {
      const printed = await ask('ls-tree', '-z', `${commit_hash}:${path}`)
      return printed
        ?.split('\0')
        .filter((entry) => entry !== '')
        .map((entry) => ({
          name: entry.slice(entry.indexOf('\t') + 1),
          isFile: / blob /.test(entry),
        }))
    },
  }
}
