/**
 * What a BuildBuddy does next. Its alarm asks and does what is decided, again and again, until
 * nothing is left but to wait; so one alarm serves every deadline. Pure.
 */
import { type BuildEvent, isFailedBuild, type Patience } from '@workers-builds/contracts'
import { backOffMs } from '../back-off.ts'
import type { Chore, Life } from './life.ts'

export type Decision =
  | { do: 'apply'; event: BuildEvent }
  | { do: 'seal' }
  | { do: 'analyze' }
  | { do: Chore }
  | { do: 'wait'; until: number }
  | { do: 'rest' }

export type Moment = {
  now: number
  /** How many of the runner's lines are stored. */
  runner_lines: number
  /**
   * Since when this BuildBuddy has been able to look and to listen. What it missed before, while
   * the Workers were down say, is no sign of a dead container: patience begins anew. The deadline
   * does not.
   */
  awake_since: number
}

/** What to do at this moment. */
export function decide(life: Life, moment: Moment, patience: Patience): Decision {
  return life.state.status === 'stopped'
    ? decideStopped(life, moment, patience)
    : decideUnfinished(life, moment, patience)
}

function decideUnfinished(life: Life, { now, awake_since }: Moment, patience: Patience): Decision {
  const endings = endingsOf(life, awake_since, patience)
  const due = endings.find(({ on }) => on <= now)
  if (due !== undefined) return { do: 'apply', event: due.event }

  const chores: Chore[] = []
  if (!life.status_synced) chores.push('sync')
  // The container comes after Postgres has the build as initializing, and not if it refuses.
  if (isUncreated(life) && life.status_synced) chores.push('create')
  if (life.container === 'given' && (life.checked_on ?? 0) + patience.healthCheckMs <= now) {
    chores.push('check')
  }
  const times = endings.map(({ on }) => on)
  if (life.container === 'given') times.push((life.checked_on ?? now) + patience.healthCheckMs)
  return choreOrWait(life, { now, chores, times })
}

type Ending = { on: number; event: BuildEvent }

/** What will end the build by itself, and when, unless something happens before. */
function endingsOf(life: Life, awake_since: number, patience: Patience): Ending[] {
  const endings: Ending[] = [{ on: life.deadline_on, event: { type: 'timed_out' } }]
  const hasReported = life.status_seq >= 0
  const after = (since: number | null, ms: number, event: BuildEvent) => {
    if (since === null) return
    endings.push({ on: Math.max(since, awake_since) + ms, event })
  }
  after(life.missing_since, patience.missingGraceMs, hasReported ? UNHEALTHY : UNSTARTED)
  if (isUncreated(life)) after(life.refused_since, patience.createMs, UNSTARTED)
  if (!hasReported) after(life.given_on, patience.firstReportMs, UNSTARTED)
  if (hasReported && life.heartbeat_ms !== null) {
    after(life.heard_on, life.heartbeat_ms * patience.missedHeartbeats, UNHEALTHY)
  }
  return endings
}

const UNHEALTHY: BuildEvent = { type: 'health_check_failed' }
const UNSTARTED: BuildEvent = { type: 'start_failed', failure_reason: 'initialization_failed' }

function decideStopped(life: Life, { now, runner_lines }: Moment, patience: Patience): Decision {
  const chores: Chore[] = []
  const times: number[] = []
  if (!life.sealed) {
    const lastLinesBy = (life.stopped_on ?? now) + patience.lastLinesMs
    const owed = life.stopped_by === 'runner' && runner_lines < (life.line_count ?? 0)
    if (!owed || now >= lastLinesBy) return { do: 'seal' }
    times.push(lastLinesBy)
  }
  // What is to be erased is not written to analytics first.
  if (life.sealed && !life.analyzed && !life.erasing) return { do: 'analyze' }
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

/** One try of a chore; `random`, 0 … 1, keeps apart what failed together. */
export type Try = { chore: Chore; failed: boolean; now: number; random: number }

/** The life after `chore` was tried. */
export function afterChore(
  life: Life,
  { chore, failed, now, random }: Try,
  patience: Patience,
): Life {
  const { [chore]: earlier, ...others } = life.retries
  if (!failed) return { ...life, retries: others }
  const failures = (earlier?.failures ?? 0) + 1
  const pause = Math.round(backOffMs(failures, patience) * (1 - random / 2))
  return { ...life, retries: { ...others, [chore]: { failures, not_before: now + pause } } }
}
