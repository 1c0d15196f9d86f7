/**
 * What a BuildBuddy does next. Its alarm asks again and again, doing what it is told, until there
 * is nothing left but to wait; so every deadline is served by the one alarm. Pure.
 */
import { type BuildEvent, isFailedBuild } from '@workers-builds/contracts'
import type { Chore, Life } from './life.ts'

/** How long a container that is not found alive may still be a passing trouble. */
export const MISSING_GRACE_MS = 15_000
/** How long a runner has to report for the first time. */
export const FIRST_REPORT_MS = 60_000
/** How long creating a container may be tried. */
export const CREATE_MS = 30_000
/** How long lines that a runner owes are waited for after its final status. */
export const LAST_LINES_MS = 15_000
export const HEALTH_CHECK_MS = 5_000
const LONGEST_BACK_OFF_MS = 30_000

export type Decision =
  | { do: 'apply'; event: BuildEvent }
  | { do: 'seal' }
  | { do: Chore }
  | { do: 'wait'; until: number }
  | { do: 'rest' }

/** What to do at `now`, given how many of the runner's lines are stored. */
export function decide(
  life: Life,
  { now, runner_lines }: { now: number; runner_lines: number },
): Decision {
  return life.state.status === 'stopped'
    ? decideStopped(life, { now, runner_lines })
    : decideUnfinished(life, now)
}

function decideUnfinished(life: Life, now: number): Decision {
  const ending = endingDue(life, now)
  if (ending !== undefined) return { do: 'apply', event: ending }

  const chores: Chore[] = []
  if (!life.status_synced) chores.push('sync')
  // The container comes after Postgres has the build as initializing, and not if it refuses.
  if (isUncreated(life) && life.status_synced) chores.push('create')
  if (life.container === 'given' && (life.checked_on ?? 0) + HEALTH_CHECK_MS <= now) {
    chores.push('check')
  }
  const times = [life.deadline_on, ...endingTimes(life)]
  if (life.container === 'given') times.push((life.checked_on ?? now) + HEALTH_CHECK_MS)
  return choreOrWait(life, { now, chores, times })
}

/** The event that ends the build by itself at `now`, if one does. */
function endingDue(life: Life, now: number): BuildEvent | undefined {
  if (now >= life.deadline_on) return { type: 'timed_out' }
  if (life.missing_since !== null && now >= life.missing_since + MISSING_GRACE_MS) {
    return life.status_seq < 0
      ? { type: 'start_failed', failure_reason: 'initialization_failed' }
      : { type: 'health_check_failed' }
  }
  const unstarted = isUncreated(life) && life.retries.create !== undefined
  const unreported = life.status_seq < 0 && life.given_on !== null
  if (
    (unstarted && now >= life.started_on + CREATE_MS) ||
    (unreported && now >= (life.given_on ?? now) + FIRST_REPORT_MS)
  ) {
    return { type: 'start_failed', failure_reason: 'initialization_failed' }
  }
  return undefined
}

function endingTimes(life: Life): number[] {
  const times: number[] = []
  if (life.missing_since !== null) times.push(life.missing_since + MISSING_GRACE_MS)
  if (isUncreated(life) && life.retries.create) times.push(life.started_on + CREATE_MS)
  if (life.given_on !== null && life.status_seq < 0) times.push(life.given_on + FIRST_REPORT_MS)
  return times
}

function decideStopped(
  life: Life,
  { now, runner_lines }: { now: number; runner_lines: number },
): Decision {
  const chores: Chore[] = []
  const times: number[] = []
  if (!life.sealed) {
    const lastLinesBy = (life.stopped_on ?? now) + LAST_LINES_MS
    const owed = life.stopped_by === 'runner' && runner_lines < (life.line_count ?? 0)
    if (!owed || now >= lastLinesBy) return { do: 'seal' }
    times.push(lastLinesBy)
  }
  if (!life.status_synced) chores.push('sync')
  if (life.sealed && isFailedBuild(life.state.build_outcome) && !life.detection_queued) {
    // A consumer that looks finds the build stopped.
    if (life.status_synced) chores.push('queue')
  }
  if (life.container === 'asked' || life.container === 'given') chores.push('stop')
  return choreOrWait(life, { now, chores, times })
}

function isUncreated({ container }: Life): boolean {
  return container === 'wanted' || container === 'asked'
}

function choreOrWait(
  life: Life,
  { now, chores, times }: { now: number; chores: Chore[]; times: number[] },
): Decision {
  const notBefore = (chore: Chore) => life.retries[chore]?.not_before ?? 0
  const ready = chores.find((chore) => notBefore(chore) <= now)
  if (ready !== undefined) return { do: ready }
  const next = Math.min(...times, ...chores.map(notBefore))
  return Number.isFinite(next) ? { do: 'wait', until: next } : { do: 'rest' }
}

/** The life after `chore` was tried. */
export function afterChore(
  life: Life,
  { chore, failed, now }: { chore: Chore; failed: boolean; now: number },
): Life {
  const { [chore]: earlier, ...others } = life.retries
  if (!failed) return { ...life, retries: others }
  const failures = (earlier?.failures ?? 0) + 1
  const pause = Math.min(1_000 * 2 ** (failures - 1), LONGEST_BACK_OFF_MS)
  return { ...life, retries: { ...others, [chore]: { failures, not_before: now + pause } } }
}
