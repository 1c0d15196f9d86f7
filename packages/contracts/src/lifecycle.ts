/**
 * The life of a build: its states, and the one function that decides which state follows an event.
 *
 *     queued ──▶ initializing ──▶ running ──▶ stopped (build_outcome, failure_reason)
 *        └────────────┴──────────────┴──────────▲
 *
 * BuildBuddy applies it to the build that it keeps. A build that ends without its BuildBuddy (it is
 * cancelled or skipped while it is queued, or its BuildBuddy is lost) ends in Postgres with the state
 * that `transition` gives, by one statement, `endBuilds` in `packages/store/src/builds/end.ts`. What is
 * not decided here: to which builds an event happens. The webhooks decide which queued builds a push
 * supersedes, the SQL function `claim_builds` decides which builds start, and BuildBuddy's `decide` when
 * a build has taken too long.
 */
import { z } from 'zod'
import { FailureReason } from './failure-reasons.ts'

export const BuildStatus = z.enum(['queued', 'initializing', 'running', 'stopped'])
export type BuildStatus = z.infer<typeof BuildStatus>

export const BuildOutcome = z.enum(['success', 'fail', 'skipped', 'cancelled', 'terminated'])
export type BuildOutcome = z.infer<typeof BuildOutcome>

/** Why a build was never run. The last five are those of a push to a branch that the trigger builds. */
export const SkipReason = z.enum([
  'superseded',
  'worker_deleted',
  'branch_deleted',
  'builds_disabled',
  'repo_disconnected',
  'skip_ci',
  'paths_excluded',
])
export type SkipReason = z.infer<typeof SkipReason>

/** The outcomes that make a *failed build*: its log is scanned for errors. */
export const FAILED_BUILD_OUTCOMES = ['fail', 'terminated'] as const satisfies BuildOutcome[]

/** Whether a build of this outcome is a failed build. */
export function isFailedBuild(build_outcome: BuildOutcome | null): boolean {
  return FAILED_BUILD_OUTCOMES.some((failed) => failed === build_outcome)
}

/** The part of a build that the lifecycle decides. */
export const BuildState = z.discriminatedUnion('status', [
  z.object({
    status: z.enum(['queued', 'initializing', 'running']),
    build_outcome: z.null(),
    failure_reason: z.null(),
  }),
  z.object({
    status: z.literal('stopped'),
    build_outcome: BuildOutcome,
    failure_reason: FailureReason.nullable(),
  }),
])
export type BuildState = z.infer<typeof BuildState>

export const QUEUED: BuildState = { status: 'queued', build_outcome: null, failure_reason: null }

/** What can happen to a build. */
export type BuildEvent =
  /** Scheduler assigned the build to its BuildBuddy. */
  | { type: 'started' }
  /** The runner reported for the first time, or again. */
  | { type: 'runner_running' }
  /** The runner reported that its commands all succeeded. */
  | { type: 'runner_succeeded' }
  /** The runner reported which part failed. */
  | { type: 'runner_failed'; failure_reason: FailureReason }
  /** No container could be started, or it never reported. */
  | { type: 'start_failed'; failure_reason: FailureReason }
  /** The build ran past its limit. */
  | { type: 'timed_out' }
  /** The container died, hangs, or cannot be reached. */
  | { type: 'health_check_failed' }
  /** Its state was lost. */
  | { type: 'lost' }
  /** A user cancelled it. */
  | { type: 'cancelled' }
  /** The build is no longer needed, or must not run. */
  | { type: 'skipped' }

/**
 * The state after `event`. A stopped build stays as it stopped, and no event takes a build back:
 * an event that changes nothing returns `state` itself, so callers compare by identity.
 */
export function transition(state: BuildState, event: BuildEvent): BuildState {
  if (state.status === 'stopped') return state
  switch (event.type) {
    case 'started':
      return state.status === 'queued' ? active('initializing') : state
    case 'runner_running':
      return state.status === 'running' ? state : active('running')
    case 'runner_succeeded':
      return stopped('success')
    case 'runner_failed':
    case 'start_failed':
      return stopped('fail', event.failure_reason)
    case 'timed_out':
      return stopped('terminated', 'timed_out')
    case 'health_check_failed':
      return stopped('terminated', 'health_check_failed')
    case 'lost':
      return stopped('fail', 'internal_error')
    case 'cancelled':
      return stopped('cancelled')
    case 'skipped':
      return state.status === 'queued' ? stopped('skipped') : state
    default:
      return event satisfies never
  }
}

function active(status: 'initializing' | 'running'): BuildState {
  return { status, build_outcome: null, failure_reason: null }
}

function stopped(
  build_outcome: BuildOutcome,
  failure_reason: FailureReason | null = null,
): BuildState {
  return { status: 'stopped', build_outcome, failure_reason }
}
