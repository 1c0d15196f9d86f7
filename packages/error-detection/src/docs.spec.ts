import { readFileSync } from 'node:fs'
import { FailureReason } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { EXPLAINED_REASONS } from './control-plane.ts'
import { errorsPage } from './docs.ts'

test('docs/errors.md is what the signatures say; else `pnpm --filter @workers-builds/error-detection run docs`', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  expect(page).toBe(errorsPage())
})

test('no failure reason is left out', () => {
  expect([...EXPLAINED_REASONS].sort()).toEqual([...FailureReason.options].sort())
})
