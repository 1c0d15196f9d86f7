import { DEFAULT_PATIENCE } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import readme from './README.md?raw'

test('the README shows the defaults', () => {
  const { createMs, noContainerMs, firstReportMs, missingGraceMs, healthCheckMs } = DEFAULT_PATIENCE
  const { missedHeartbeats, heartbeatSeconds } = DEFAULT_PATIENCE
  const afters = [...readme.matchAll(/^\|.*\| *(\S.*?) *\|$/gm)].map(([, after]) => after)
  expect(afters.slice(2, 7)).toEqual([
    `${createMs / 1_000} s`,
    `${noContainerMs / 60_000} min`,
    `${firstReportMs / 1_000} s`,
    `${missingGraceMs / 1_000} s, checked every ${healthCheckMs / 1_000}`,
    `${missedHeartbeats * heartbeatSeconds} s`,
  ])
})
