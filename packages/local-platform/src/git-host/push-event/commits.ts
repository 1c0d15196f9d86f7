import type { Commit } from '@octokit/webhooks-types'
import { git } from '../git.ts'

/** The most that GitHub lists in one push. */
const MAX_COMMITS = 2048

/** Fields of a commit, apart by a character that no commit has in them. */
const FORMAT = ['%H', '%T', '%cI', '%an', '%ae', '%cn', '%ce', '%B'].join('%x1f')

/** A commit without the address that it has on its host. */
export type CommitFacts = Omit<Commit, 'url'>

/**
 * The commits that `revisions` (as for `git rev-list`) name, oldest first, each with the files that
 * it changed.
 */
export async function readCommits(
  gitDir: string,
  revisions: string[],
  { limit = MAX_COMMITS }: { limit?: number } = {},
): Promise<CommitFacts[]> {
  const log = await git(
    // biome-ignore format: one option a word
    ['-c', 'i18n.logOutputEncoding=UTF-8', 'log', '-z', '--reverse',
      `--max-count=${limit}`, `--format=${FORMAT}`, '--stdin'],
    { cwd: gitDir, input: revisions.map((revision) => `${revision}\n`).join('') },
  )
  const commits = log
    .split('\0')
    .filter((record) => record !== '')
    .map(parseCommit)
  const changes = await readChanges(
    gitDir,
    commits.map(({ id }) => id),
  )
  return commits.map((commit) => ({ ...commit, ...(changes.get(commit.id) ?? noChanges()) }))
}

function parseCommit(record: string): Omit<CommitFacts, keyof Changes> {
  const [id = '', tree_id = '', timestamp = '', ...rest] = record.split('\x1f')
  const [authorName = '', authorEmail = '', committerName = '', committerEmail = '', ...message] =
    rest
  return {
    id,
    tree_id,
    distinct: true,
    message: message.join('\x1f').trimEnd(),
    timestamp,
    author: { name: authorName, email: authorEmail },
    committer: { name: committerName, email: committerEmail },
  }
}

type Changes = Pick<Commit, 'added' | 'removed' | 'modified'>

function noChanges(): Changes {
  return { added: [], removed: [], modified: [] }
}

/** The files that each commit changed against its first parent. */
async function readChanges(gitDir: string, ids: string[]): Promise<Map<string, Changes>> {
  const output = await git(
    // biome-ignore format: one option a word
    ['diff-tree', '--stdin', '-r', '-z', '--root', '--no-renames',
      '--diff-merges=first-parent', '--name-status'],
    { cwd: gitDir, input: ids.map((id) => `${id}\n`).join('') },
  )
  const changes = new Map<string, Changes>()
  let current = noChanges()
  // `<commit>`, then `<status>`, `<path>` for each file, all ended by NUL.
  const tokens = output.split('\0').values()
  for (const token of tokens) {
    if (token.length >= 40) {
      current = noChanges()
      changes.set(token, current)
    } else if (token !== '') {
      const path = tokens.next().value ?? ''
      if (token === 'A') current.added.push(path)
      else if (token === 'D') current.removed.push(path)
      else current.modified.push(path)
    }
  }
  return changes
}
