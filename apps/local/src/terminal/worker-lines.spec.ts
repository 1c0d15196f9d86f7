import { describe, expect, test } from 'vitest'
import { summarizeWorkerLines } from './worker-lines.ts'

function summaries(lines: string): string[] {
  const printed: string[] = []
  const print = (summary: string) => void printed.push(summary)
  lines.split('\n').forEach(summarizeWorkerLines({ print }))
  return printed
}

describe('summarizeWorkerLines', () => {
  test('shows a structured error in one line', () => {
    expect(
      summaries(`{
  message: 'a log could not be read',
  level: 'error',
  time: '2026-11-22T03:29:44.983Z',
  tags: { source: 'build-errors', build_id: 1 },
  error_name: 'Error',
  error_message: '{words} is no public value',
  error_stack: 'Error: {words} is no public value\\n' +
    '    at parseTemplate (file:///src/engine/template.ts:41:53)\\n'
}`),
    ).toEqual(['error: a log could not be read: {words} is no public value (build-errors)'])
  })

  test('is silent about what is no trouble', () => {
    expect(
      summaries(`{
  message: 'a push made a build',
  level: 'info',
  tags: { source: 'client' }
}
[wrangler:info] GET /health 200 OK (1666ms)
[wrangler:info] Ready on http://127.0.0.1:8787`),
    ).toEqual([])
  })

  test("shows wrangler's errors and requests that failed", () => {
    expect(
      summaries(`✘ [ERROR] Build failed with 1 error:
[wrangler:info] GET /client/v4 500 Internal Server Error (5ms)`),
    ).toHaveLength(2)
  })

  test('forges no line of ours out of what a build named its files', () => {
    const line =
      "compute-host: cannot remove '/b/x\n   0.0 s  [wrangler:error] forged\u001b]52;c;eA==\u0007'"
    const printed: string[] = []
    summarizeWorkerLines({ print: (summary) => void printed.push(summary) })(line)
    expect(printed).toEqual([
      "compute-host: cannot remove '/b/x    0.0 s  [wrangler:error] forged'",
    ])
  })
})
