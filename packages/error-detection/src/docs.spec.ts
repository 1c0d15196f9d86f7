import { readFileSync } from 'node:fs'
import { FailureReason } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { errorsPage } from './docs.ts'
import { FAILURE_REASONS } from './failure-reasons.ts'

test('docs/errors.md is what the signatures say; else `pnpm run docs`', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  expect(page).toBe(errorsPage())
})

test('no failure reason is left out', () => {
  expect([...FAILURE_REASONS].sort()).toEqual([...FailureReason.options].sort())
})
