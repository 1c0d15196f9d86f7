import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { test } from './testing/harness.ts'

test('a failure that nobody foresaw is ours, and says no more than that', async ({ h }) => {
  const runner = await h.start(h.repository({ file: '' }), {}, {}, async (home) => {
    await mkdir(home)
    writeFileSync(join(home, '.tools'), 'a file where a folder should be')
  })
  expect(await runner.exited).toBe(0)
  expect(h.controlPlane.messages.at(-1)).toBe('Failed: an internal error occurred')
  expect(h.controlPlane.stopped).toMatchObject({
    build_outcome: 'fail',
    failure_reason: 'internal_error',
    exit_code: null,
    line_count: 2,
    steps: [{ step: 'initializing', ended_on: expect.any(Number), exit_code: null }],
  })
  expect(runner.printed()).toContain('EEXIST')
})
