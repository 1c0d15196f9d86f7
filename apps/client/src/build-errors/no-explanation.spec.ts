import { SkipReason } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { noExplanation } from './no-explanation.ts'

const stopped = { build_uuid: 'B', status: 'stopped', skip_reason: null } as const

test.each(['queued', 'initializing', 'running'] as const)('a build that is %s', (status) => {
  const { message } = noExplanation({ ...stopped, status, build_outcome: null })
  expect(message).toBe(`Build B is ${status}: it is explained when it has failed; ask again then.`)
})

test.each([
  ['fail', 'Build B failed, and its log is being read: ask again shortly.'],
  ['terminated', 'Build B failed, and its log is being read: ask again shortly.'],
  ['success', 'Build B succeeded: there is nothing to explain.'],
  [
    'cancelled',
    'Build B was cancelled: nothing failed in it, so that there is nothing to explain.',
  ],
] as const)('a build of outcome %s', (build_outcome, expected) => {
  expect(noExplanation({ ...stopped, build_outcome }).message).toBe(expected)
})

test.each(SkipReason.options)('a build that was skipped as %s says why', (skip_reason) => {
  const { message } = noExplanation({ ...stopped, build_outcome: 'skipped', skip_reason })
  expect(message).toMatch(/^Build B was skipped and never ran: [a-z].{15,}\.$/)
})
