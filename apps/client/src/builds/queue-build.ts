/**
 * Queues builds: what a push, a check that is run again, a retry, a manual build and a deploy hook
 * have in common. The caller holds the lock on the trigger until the transaction ends, so that what
 * the build runs with is not deleted meanwhile.
 */
import {
  type Build,
  type Commit,
  type SkipReason,
  shortText,
  v4Success,
} from '@workers-builds/contracts'
import type { NewBuild, SubStores, TriggerForPush } from '@workers-builds/store'
import type { Context } from 'hono'
import { wakeScheduler } from '../bindings.ts'
import type { ClientContext } from '../context.ts'
import { buildView } from './build.view.ts'
import { findBuild } from './find-build.ts'

/** What is stored of a commit's message and of its author, in bytes. */
const MAX_MESSAGE_BYTES = 4_096
const MAX_AUTHOR_BYTES = 512

export type BuildSource = 'push_event' | 'retry' | 'manual' | 'deploy_hook'

/** How many bytes texts have of which only the beginning is known. */
export type FullBytes = { [Field in 'commit_message' | 'author']?: number | undefined }

export type BuildRequest = {
  /** Its settings of this moment are what the build shows until it starts. */
  trigger: Pick<TriggerForPush, 'trigger_uuid' | 'account_id' | 'script_tag' | 'settings'>
  commit: Commit & { branch: string; full_bytes?: FullBytes }
  source: BuildSource
  /** Only a push takes part in the order of pushes: it replaces older ones and is replaced. */
  push?: { push_before: string; pushed_on: Date; skip_reason: SkipReason | null }
  webhook_delivery_id?: number
  deploy_hook_uuid?: string
  /** The `build_id` of the build that this one repeats. */
  retried_build_id?: number
}

/** Queues a build, or records one that is skipped at once. */
export async function queueBuild(
  tx: Pick<SubStores, 'builds'>,
  {
    trigger,
    commit,
    source,
    push,
    retried_build_id,
    webhook_delivery_id,
    deploy_hook_uuid,
  }: BuildRequest,
): Promise<{ build_id: number; build_uuid: string }> {
  const build: NewBuild = {
    account_id: trigger.account_id,
    script_tag: trigger.script_tag,
    trigger_uuid: trigger.trigger_uuid,
    settings: trigger.settings,
    build_trigger_source: source,
    branch: commit.branch,
    commit_hash: commit.commit_hash,
    commit_message: shortText(commit.commit_message, {
      maxBytes: MAX_MESSAGE_BYTES,
      fullBytes: commit.full_bytes?.commit_message,
    }),
    author: shortText(commit.author, {
      maxBytes: MAX_AUTHOR_BYTES,
      fullBytes: commit.full_bytes?.author,
    }),
    push_before: push?.push_before ?? null,
    pushed_on: push?.pushed_on ?? null,
    webhook_delivery_id: webhook_delivery_id ?? null,
    ...(deploy_hook_uuid !== undefined && { deploy_hook_uuid }),
    ...(retried_build_id !== undefined && { retried_build_id }),
  }
  return await tx.builds.insert(build, push?.skip_reason)
}

/** Wakes Scheduler for a build that was queued, and answers with the build. */
export async function answerQueuedBuild<Status extends 200 | 201>(
  c: Context<ClientContext>,
  build: { account_id: string; build_uuid: string },
  status: Status,
) {
  wakeScheduler(c)
  const result: Build = buildView(await findBuild(c.var.store, build))
  return c.json(v4Success(result), status)
}
