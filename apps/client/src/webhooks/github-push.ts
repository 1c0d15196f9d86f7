/** The part of GitHub's push event that a build depends on. */
import { BuildsError, CommitHash } from '@workers-builds/contracts'
import { z } from 'zod'

/** Postgres takes no NUL in a text, and JSON can carry one; lone surrogates it cannot store either. */
const CleanText = z.string().transform((text) => text.replaceAll('\0', '').toWellFormed())

const Commit = z.object({
  message: CleanText,
  author: z.object({ name: CleanText.optional(), username: CleanText.optional() }),
})

const PushEvent = z.object({
  ref: CleanText,
  before: CommitHash,
  after: CommitHash,
  deleted: z.boolean(),
  head_commit: Commit.nullable(),
  repository: z.object({
    id: z.union([z.int(), z.string()]).transform(String),
    /** Seconds since the epoch in push events, an ISO date elsewhere. */
    pushed_at: z
      .union([z.int().transform((s) => s * 1_000), z.iso.datetime({ offset: true })])
      .optional(),
  }),
  sender: z.object({ login: CleanText }).optional(),
})

const BRANCH_REF = 'refs/heads/'

export type Push = {
  repo_id: string
  branch: string
  commit_hash: string
  push_before: string
  pushed_on: Date
  commit_message: string
  author: string
}

/**
 * The push that a body tells of, or why it is none that can be built: a tag, or a branch that is
 * gone. Throws invalid_request when it is no push event.
 */
export function parsePush(body: unknown): { push: Push } | { ignored: string } {
  const parsed = PushEvent.safeParse(body)
  if (!parsed.success) {
    throw new BuildsError('invalid_request', `Invalid push event: ${z.prettifyError(parsed.error)}`)
  }
  const event = parsed.data
  if (!event.ref.startsWith(BRANCH_REF)) return { ignored: `${event.ref} is not a branch` }
  const branch = event.ref.slice(BRANCH_REF.length)
  if (event.deleted) return { ignored: `branch ${branch} was deleted` }
  const author = event.head_commit?.author
  return {
    push: {
      repo_id: event.repository.id,
      branch,
      commit_hash: event.after,
      push_before: event.before,
      pushed_on: new Date(event.repository.pushed_at ?? Date.now()),
      commit_message: event.head_commit?.message ?? '',
      author: author?.username ?? author?.name ?? event.sender?.login ?? '',
    },
  }
}
