/** A neutral Git event, into which the events of every provider are parsed; one writer acts on it. */
import { BuildsError, CommitHash, storableText } from '@workers-builds/contracts'
import type { DisconnectReason } from '@workers-builds/store'
import { z } from 'zod'
import type { FullBytes } from '../builds/queue-build.ts'
import { listOf } from './body/prune-json.ts'
import { MANY_COMMITS, MANY_FILES, type PushedChanges } from './rules/watch-paths.ts'

export type RepositoryNames = { provider_account_name: string; repo_name: string }

export type Push = PushedChanges & {
  branch: string
  commit_hash: string
  /** What the branch pointed at before; zeros when it is new. */
  push_before: string
  /** When the provider received it; null when the provider sends no time. */
  pushed_on: Date | null
  /** As much of it as is kept of a long one. */
  commit_message: string
  author: string
  /** How many bytes of UTF-8 they have in whole, where that is known. */
  full_bytes: FullBytes
  /** The push itself asked for no build. */
  skip_asked: boolean
}

export type GitEvent =
  /** `repository`: what it is called now; null when the push does not say. */
  | { type: 'push'; push: Push; repository: RepositoryNames | null }
  /** `commit_hash`: what the branch pointed at last. `deleted_on` is null as `pushed_on` is. */
  | { type: 'branch_deleted'; branch: string; commit_hash: string; deleted_on: Date | null }
  /** A user asked to run a check again; `build_uuid` null: all checks of the commit. */
  | { type: 'rerun'; build_uuid: string | null; commit_hash: string }
  /** The repository has another name or owner. */
  | {
      type: 'repository_moved'
      provider_account_id: string | null
      provider_account_name: string
      repo_name: string
    }
  | { type: 'owner_renamed'; provider_account_name: string }
  | { type: 'access_lost'; disconnect_reason: DisconnectReason }
  /** Access that was lost for one of these reasons is back. */
  | { type: 'access_given'; after: DisconnectReason[] }
  /** Nothing to do, and why: recorded with the delivery. */
  | { type: 'none'; reason: string }
  /** An event that no build depends on: answered and not recorded. */
  | { type: 'unrelated'; reason: string }

/** Text that can be stored, whatever JSON carried. */
export const CleanText = z.string().transform((text) => storableText(text))

/** The most issues that an error lists. */
const MOST_ISSUES = 5
/** Git hosts take 255; an index of Postgres takes 2,700. */
const MOST_REF_BYTES = 1_024

/** A Git ref, or a branch. */
export const GitRef = CleanText.refine(
  (ref) => new TextEncoder().encode(ref).byteLength <= MOST_REF_BYTES,
  `expected at most ${MOST_REF_BYTES} bytes`,
)

/** The name of a repository, an owner or an action. */
export const NameText = z
  .string()
  .max(1_000)
  .transform((text) => storableText(text))

/** An id, which providers send as a number. */
export const ProviderId = z.union([z.int(), z.string().max(100)]).transform(String)

/** A list of the body, of whose items the first are kept; the issues of its first wrong one are collected. */
export function longListOf<Item extends z.ZodType>(item: Item) {
  return z
    .object({ items: z.array(z.unknown()), count: z.int() }, 'expected a list')
    .transform(({ items: entries, count }, context) => {
      const items: z.output<Item>[] = []
      for (const [index, entry] of entries.entries()) {
        const parsed = item.safeParse(entry)
        if (!parsed.success) {
          for (const { message, path } of parsed.error.issues.slice(0, MOST_ISSUES)) {
            context.addIssue({ code: 'custom', message, path: [index, ...path] })
          }
          return z.NEVER
        }
        items.push(parsed.data)
      }
      return { items, count }
    })
}

/** A list that is not there. */
export const NO_ITEMS = { items: [], count: 0 }

/** A push of as many files is built whatever they are; see `isWatched`. */
const FILES = listOf('value', MANY_FILES)
/** What is read of a commit. */
export const PUSHED_COMMIT = {
  id: 'value',
  message: 'text',
  author: { name: 'text', username: 'text' },
  added: FILES,
  modified: FILES,
  removed: FILES,
} as const
/** A push of as many commits is built whatever they changed; GitLab sends at most 20, with the newest. */
export const PUSHED_COMMITS = listOf(PUSHED_COMMIT, 2 * MANY_COMMITS)

const Text = z.object({ text: CleanText, bytes: z.int() }, 'expected a text')
type Text = z.infer<typeof Text>

const Files = z.custom<{ items: string[]; count: number }>(
  (files) => z.object({ items: z.array(z.string()) }).safeParse(files).success,
  'expected a list of file names',
)

export const PushedCommit = z.object({
  id: CommitHash,
  message: Text,
  author: z.object({ name: Text.optional(), username: Text.nullish() }),
  added: Files.nullish(),
  modified: Files.nullish(),
  removed: Files.nullish(),
})

/** The files that these commits added, changed or removed. */
export function changesOf({ items: commits }: { items: z.infer<typeof PushedCommit>[] }) {
  const lists = commits
    .flatMap(({ added, modified, removed }) => [added, modified, removed])
    .filter((list) => list !== null && list !== undefined)
  return {
    changed_files: [...new Set(lists.flatMap(({ items }) => items))],
    has_more_files: lists.some(({ items, count }) => count > items.length),
  }
}

/** A commit's texts as a push has them; `sender` stands in for an author that is not known. */
export function textsOf(message?: Text, author?: Text | null, sender?: string | null) {
  return {
    commit_message: message?.text ?? '',
    author: author?.text ?? sender ?? '',
    full_bytes: { commit_message: message?.bytes, author: author?.bytes },
  }
}

/** Git writes "no commit" as zeros. */
export function isNoCommit(hash: string): boolean {
  return /^0+$/.test(hash)
}

/** The branch that a ref names; undefined when it is a tag or something else. */
export function branchOf(ref: string): string | undefined {
  const [, branch] = /^refs\/heads\/(.+)$/s.exec(ref) ?? []
  return branch
}

/** The names in `group/subgroup/name`; null when there is no owner in it. */
export function namesIn(path: string): RepositoryNames | null {
  const slash = path.lastIndexOf('/')
  if (slash <= 0) return null
  return { provider_account_name: path.slice(0, slash), repo_name: path.slice(slash + 1) }
}

/** Parses `body`; throws invalid_request with the event and what is wrong with it. */
export function parseEvent<Schema extends z.ZodType>(
  event: string,
  schema: Schema,
  body: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, MOST_ISSUES)
  throw new BuildsError(
    'invalid_request',
    `Invalid ${event} event: ${z.prettifyError({ issues }).slice(0, 2_000)}`,
  )
}
