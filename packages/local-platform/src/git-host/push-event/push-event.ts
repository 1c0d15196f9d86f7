import { stat } from 'node:fs/promises'
import type { PushEvent } from '@octokit/webhooks-types'
import { git } from '../git.ts'
import type { WebhookSettings } from '../webhook-settings.ts'
import { type CommitFacts, readCommits } from './commits.ts'
import { describeRepository, describeUser } from './github-objects.ts'

/** One line of what git passes to a post-receive hook. */
export interface RefUpdate {
  before: string
  after: string
  ref: string
}

/** The body of GitHub's `push` webhook for one updated ref of the bare repository `gitDir`. */
export async function readPushEvent({
  gitDir,
  update,
  updates,
  settings,
  host,
  pushedAt,
}: {
  gitDir: string
  update: RefUpdate
  /** All that the same push updated. */
  updates: RefUpdate[]
  settings: WebhookSettings
  /** Address of the Git host, for links and `clone_url`. */
  host: string
  pushedAt: Date
}): Promise<PushEvent> {
  const { owner, repository } = settings
  const { ref, before, after } = update
  const html = `${host}/${owner.login}/${repository.name}`
  const withUrl = (commit: CommitFacts) => ({ ...commit, url: `${html}/commit/${commit.id}` })
  const created = isNothing(before)
  const deleted = isNothing(after)
  const revisions = deleted ? [] : await pushedRevisions(gitDir, update, updates)
  const commits = deleted ? [] : await readCommits(gitDir, revisions)
  const [head] = deleted ? [] : await readCommits(gitDir, [`${after}^{commit}`], { limit: 1 })
  return {
    ref,
    before,
    after,
    created,
    deleted,
    forced: created || deleted ? deleted : !(await isAncestor(gitDir, before, after)),
    base_ref: null,
    compare: compareUrl(html, update, commits),
    commits: commits.map(withUrl),
    head_commit: head === undefined ? null : withUrl(head),
    repository: describeRepository({
      ...repository,
      owner,
      host,
      defaultBranch: (await git(['symbolic-ref', '--short', 'HEAD'], { cwd: gitDir })).trim(),
      createdAt: (await stat(`${gitDir}/config`)).birthtime,
      pushedAt,
    }),
    pusher: { name: owner.login, email: null },
    sender: describeUser(owner, host),
  }
}

/** What a push brought to a ref: since `before`, or, on a new one, what no ref had until then. */
async function pushedRevisions(gitDir: string, { before, after }: RefUpdate, updates: RefUpdate[]) {
  if (!isNothing(before)) return [after, `^${before}`]
  const refs = await git(['for-each-ref', '--format=%(refname)'], { cwd: gitDir })
  const updated = new Set(updates.map(({ ref }) => ref))
  const untouched = refs.split('\n').filter((ref) => ref !== '' && !updated.has(ref))
  const replaced = updates.map((update) => update.before).filter((hash) => !isNothing(hash))
  return [after, ...[...untouched, ...replaced].map((known) => `^${known}`)]
}

/** git writes nothing as all zeros, as long as a hash of the repository is. */
function isNothing(hash: string): boolean {
  return /^0+$/.test(hash)
}

async function isAncestor(gitDir: string, before: string, after: string): Promise<boolean> {
  const merged = await git(['rev-list', '--count', before, `^${after}`], { cwd: gitDir })
  return merged.trim() === '0'
}

function compareUrl(html: string, { before, after, ref }: RefUpdate, commits: CommitFacts[]) {
  const short = (hash: string) => hash.slice(0, 12)
  if (!isNothing(before)) return `${html}/compare/${short(before)}...${short(after)}`
  const [first] = commits
  if (first === undefined) return `${html}/compare/${ref.replace(/^refs\/(?:heads|tags)\//, '')}`
  if (commits.length === 1) return `${html}/commit/${short(after)}`
  return `${html}/compare/${short(first.id)}^...${short(after)}`
}
