import { expect, test } from 'vitest'
import { chooseTrigger } from './choose-trigger.ts'

const production = { name: 'production', branch_includes: ['main'], branch_excludes: [] }
const other = { name: 'other', branch_includes: ['*'], branch_excludes: ['main', 'bot/*'] }
const previews = { name: 'previews', branch_includes: ['preview/*'], branch_excludes: [] }
const every = { name: 'every', branch_includes: ['*'], branch_excludes: [] }

test.each([
  ['main', [production, other], 'production'],
  ['main', [every, production], 'production'],
  ['feature', [production, other], 'other'],
  ['bot/bump', [production, other], 'other'],
  ['feature', [production, previews], 'previews'],
  ['feature', [previews], undefined],
  ['feature', [production], undefined],
  ['main', [every], 'every'],
  ['main', [], undefined],
])('%s', (branch, triggers, expected) => {
  expect(chooseTrigger(triggers, branch)?.name).toBe(expected)
})
