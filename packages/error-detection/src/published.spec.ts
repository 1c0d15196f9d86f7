import { expect, test } from 'vitest'
import { detectErrorsInLogLines } from './index.ts'

/** The examples of the published description, and what it says becomes of them. */
const PUBLISHED = [
  ['✘ [ERROR] Could not resolve "./balance"', '✘ [ERROR] Could not resolve "<MODULE>"'],
  [
    '✘ [ERROR] Could not resolve "node:string_decoder" (originally "string_decoder/")',
    '✘ [ERROR] Could not resolve "<MODULE>" (originally "<MODULE>")',
  ],
  [
    '✘ [ERROR] No matching export in "src/db/schemas/index.ts" for import "someCoolTable"',
    '✘ [ERROR] No matching export in "<MODULE>" for import "<IMPORT>"',
  ],
] as const

test.each(PUBLISHED)('%s is the wrangler_error %s', (line, error_group) => {
  const [error] = detectErrorsInLogLines([[0, 'deploying', line]])
  expect(error).toMatchObject({
    error_code: 'wrangler_error',
    error_group,
    step: 'deploying',
    line: 0,
  })
})
