import { describe, expect, test } from 'vitest'
import { CAUSES, detectErrorsInLogLines, explanationOf } from './index.ts'

describe('the explanation of a stored error', () => {
  test('is that of the exact signature where the group is known', () => {
    const [error] = detectErrorsInLogLines(['error: lockfile had changes, but lockfile is frozen'])
    expect(error && explanationOf(error)).toEqual({
      title: 'The lockfile is out of date',
      fix: expect.stringContaining('bun install'),
      docs_url: expect.stringContaining('bun.com'),
    })
  })

  test('is found by the two columns that are always stored', () => {
    expect(explanationOf({ error_code: 'npm_error', cause: 'script_missing' })).toMatchObject({
      title: 'The script that was asked for is not in package.json',
    })
  })

  test('falls back to the cause for a code that no longer exists', () => {
    expect(explanationOf({ error_code: 'gone_error', cause: 'disk_full' })).toEqual({
      title: CAUSES.disk_full.title,
      fix: CAUSES.disk_full.fix,
      docs_url: null,
    })
  })

  test('is undefined for an unknown cause', () => {
    expect(explanationOf({ error_code: 'unclassified', cause: 'unclassified' })).toBeUndefined()
    expect(explanationOf({ error_code: 'x', cause: 'toString' })).toBeUndefined()
  })
})
