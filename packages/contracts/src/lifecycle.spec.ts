import { describe, expect, test } from 'vitest'
import {
  type BuildEvent,
  type BuildState,
  BuildStatus,
  isFailedBuild,
  QUEUED,
  transition,
} from './lifecycle.ts'

const EVENTS: BuildEvent[] = [
  { type: 'started' },
  { type: 'runner_running' },
  { type: 'runner_succeeded' },
  { type: 'runner_failed', failure_reason: 'build_command_failed' },
  { type: 'start_failed', failure_reason: 'initialization_failed' },
  { type: 'timed_out' },
  { type: 'health_check_failed' },
  { type: 'lost' },
  { type: 'cancelled' },
  { type: 'skipped' },
]

/** Every state that some sequence of events leads to. */
function reachableStates(): BuildState[] {
  const seen = new Map([[JSON.stringify(QUEUED), QUEUED]])
  for (const state of seen.values()) {
    for (const event of EVENTS) {
      const next = transition(state, event)
      seen.set(JSON.stringify(next), next)
    }
  }
  return [...seen.values()]
}

describe('a build', () => {
  test('leaves no terminal status, whatever arrives', () => {
    const stopped = reachableStates().filter((state) => state.status === 'stopped')
    expect(stopped.length).toBeGreaterThanOrEqual(7)
    for (const state of stopped) {
      for (const event of EVENTS) expect(transition(state, event)).toBe(state)
    }
  })

  test('never goes back', () => {
    const order = BuildStatus.options
    for (const state of reachableStates()) {
      for (const event of EVENTS) {
        const next = transition(state, event)
        expect(order.indexOf(next.status)).toBeGreaterThanOrEqual(order.indexOf(state.status))
      }
    }
  })

  test('has a failure reason exactly when it failed', () => {
    for (const state of reachableStates()) {
      expect(state.failure_reason !== null).toBe(isFailedBuild(state.build_outcome))
    }
  })

  test('is skipped only while it is queued', () => {
    const running = transition(QUEUED, { type: 'runner_running' })
    expect(transition(QUEUED, { type: 'skipped' }).build_outcome).toBe('skipped')
    expect(transition(running, { type: 'skipped' })).toBe(running)
  })

  test.each([
    [{ type: 'timed_out' }, 'terminated', 'timed_out'],
    [{ type: 'health_check_failed' }, 'terminated', 'health_check_failed'],
    [{ type: 'lost' }, 'fail', 'internal_error'],
    [{ type: 'cancelled' }, 'cancelled', null],
    [{ type: 'runner_succeeded' }, 'success', null],
    [{ type: 'runner_failed', failure_reason: 'clone_failed' }, 'fail', 'clone_failed'],
    [
      { type: 'start_failed', failure_reason: 'initialization_failed' },
      'fail',
      'initialization_failed',
    ],
  ] as const)('%o stops it as %s', (event, build_outcome, failure_reason) => {
    expect(transition(QUEUED, event)).toEqual({ status: 'stopped', build_outcome, failure_reason })
  })
})
