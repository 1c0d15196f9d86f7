import { describe, expect, test } from 'vitest'
import { DEFAULT_PATIENCE, readPatience } from './patience.ts'

test('the defaults are these', () => {
  expect(readPatience({})).toEqual({
    healthCheckMs: 5_000,
    missingGraceMs: 15_000,
    createMs: 30_000,
    firstReportMs: 60_000,
    missedHeartbeats: 6,
    heartbeatSeconds: 10,
    lastLinesMs: 15_000,
    buddyRescueMs: 15_000,
    computeCallMs: 10_000,
    computeStopMs: 30_000,
    containerStartMs: 60_000,
    noContainerMs: 600_000,
    containerInactivityMs: 600_000,
    backOffFirstMs: 1_000,
    backOffLongestMs: 30_000,
    schedulerTickMs: 1_000,
    buddyAnswerMs: 5_000,
    retentionMs: 60_000,
    latestPassMs: 60_000,
    oldestMessageMs: 300_000,
    backfillTickMs: 1_000,
    backfillStandstillMs: 60_000,
  })
})

test('what PATIENCE gives replaces its default and no other', () => {
  const patience = readPatience({ PATIENCE: { healthCheckMs: 500 } })
  expect(patience).toEqual({ ...DEFAULT_PATIENCE, healthCheckMs: 500 })
})

describe('a wrong value is refused, naming variable, value and what is right:', () => {
  test.each([
    [{ createMs: '30s' }, 'PATIENCE.createMs is "30s": expected a whole number of milliseconds'],
    [{ createMs: -1 }, 'PATIENCE.createMs is -1: expected at least 1 millisecond'],
    [{ createMs: 1.5 }, 'PATIENCE.createMs is 1.5: expected a whole number of milliseconds'],
    [{ missedHeartbeats: 1 }, 'PATIENCE.missedHeartbeats is 1: expected at least 2'],
    [
      { CREATE_MS: 1, x: 2 },
      'PATIENCE.CREATE_MS, PATIENCE.x is not known; known are healthCheckMs',
    ],
    [
      { healthCheckMs: 5_000, missingGraceMs: 4_000 },
      'PATIENCE.missingGraceMs is 4000: expected at least healthCheckMs',
    ],
    [
      { healthCheckMs: 75_000, missingGraceMs: 80_000 },
      'PATIENCE.healthCheckMs is 75000: expected less than 75000',
    ],
    [
      { healthCheckMs: 5_000, containerInactivityMs: 5_000 },
      'PATIENCE.containerInactivityMs is 5000: expected more than healthCheckMs',
    ],
    ['5s', 'PATIENCE is "5s": expected a table'],
  ])('%j', (PATIENCE, problem) => {
    expect(() => readPatience({ PATIENCE })).toThrow(`The variable PATIENCE is wrong. ${problem}`)
  })
})
