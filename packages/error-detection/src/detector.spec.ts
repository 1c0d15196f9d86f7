import { FAILURE_REASONS, FailureReason, type LogLine } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { createErrorDetector, detect, detectErrorsInLogLines } from './index.ts'
import { knowledgeBase } from './knowledge.ts'

const at = (step: LogLine[1], ...messages: string[]): LogLine[] =>
  messages.map((message, index) => [index, step, message])

/** The failure reasons that end a log with a line of their own. */
const LOG_LINES = FailureReason.options.flatMap((reason) => {
  const { logLine } = FAILURE_REASONS[reason]
  return logLine === null ? [] : [[reason, logLine] as const]
})

describe('a log', () => {
  test('without lines is no_log', () => {
    expect(detect([])).toEqual({ outcome: 'no_log', errors: [], lines_read: 0 })
  })

  test('that says nothing of an error is no_match', () => {
    expect(detect(['added 12 packages', 'done'])).toEqual({
      outcome: 'no_match',
      errors: [],
      lines_read: 2,
    })
  })

  test('is addressed by the ordinals of all its pages', () => {
    const detector = createErrorDetector()
    detector.push(at('building', 'one', 'two'))
    detector.push(at('building', 'three', 'sh: 1: vite: not found'))
    expect(detector.finish()).toMatchObject({ lines_read: 4, errors: [{ line: 3 }] })
  })
})

describe('the root cause', () => {
  test('is the infrastructure rather than what it brought down', () => {
    const errors = detectErrorsInLogLines([
      'error TS2307: Cannot find module',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    ])
    expect(errors.map(({ cause }) => cause)).toEqual(['out_of_memory', 'type_error'])
  })

  test('is not in a step that ended well', () => {
    const errors = detectErrorsInLogLines([
      ...at('building', '✘ [ERROR] Could not resolve "./a"'),
      ...at('deploying', '✘ [ERROR] No matching export in "./b" for import "c"'),
    ])
    expect(errors.map(({ cause }) => cause)).toEqual(['missing_export'])
  })

  test('is in the last step, wherever a page of the log ends', () => {
    const lines = [
      ...at('cloning', 'fatal: Remote branch gone not found in upstream origin'),
      ...at('installing', 'npm error code ERESOLVE'),
      ...at('building', 'error TS2307: Cannot find module', 'sh: 1: vite: not found'),
    ]
    const whole = detect(lines)
    expect(whole.errors.map(({ line }) => line)).toEqual([2, 3])
    for (let end = 1; end < lines.length; end++) {
      const detector = createErrorDetector()
      detector.push(lines.slice(0, end))
      detector.push(lines.slice(end))
      expect(detector.finish(), `pages of ${end} and ${lines.length - end} lines`).toEqual(whole)
    }
  })

  test('is looked for again after a step that begins anew', () => {
    const errors = detectErrorsInLogLines([
      ...at('building', 'sh: 1: vite: not found'),
      ...at('deploying', 'deploying'),
      ...at('building', 'error TS2307: Cannot find module'),
      ...at('building', 'done'),
    ])
    expect(errors.map(({ line }) => line)).toEqual([2])
  })

  test('is reported once, however often it is printed', () => {
    const lines = ['./a', './b', './a'].map((path) => `✘ [ERROR] Could not resolve "${path}"`)
    expect(detectErrorsInLogLines(lines)).toHaveLength(1)
  })
})

describe('a failure reason of the control plane', () => {
  test.each([
    ['timed_out', 'timed_out'],
    ['health_check_failed', 'container_unhealthy'],
    ['initialization_failed', 'initialization_failed'],
    ['internal_error', 'platform_internal_error'],
    ['build_token_invalid', 'build_token_invalid'],
    ['repo_disconnected', 'repo_disconnected'],
  ] as const)('%s is an error without a log', (failure_reason, cause) => {
    expect(createErrorDetector().finish({ failure_reason })).toMatchObject({
      outcome: 'detected',
      errors: [{ cause, line: null }],
      lines_read: 0,
    })
  })

  test.each(LOG_LINES)(
    '%s has the line with which the control plane ended the log',
    (failure_reason, line) => {
      // An internal error is explained better by another one that the log has.
      const before =
        failure_reason === 'internal_error' ? 'two' : 'error TS2307: Cannot find module'
      const detector = createErrorDetector()
      detector.push(at('building', 'one', before, line))
      const [root] = detector.finish({ failure_reason }).errors
      const [known] = createErrorDetector().finish({ failure_reason }).errors
      expect(root).toMatchObject({ line: 2, error_code: known?.error_code, cause: known?.cause })
      expect(root?.error_group).toBe(known?.error_group)
    },
  )

  /** Those that nothing in the log explains better. */
  const decisive = LOG_LINES.filter(
    ([failure_reason]) => !['internal_error', 'health_check_failed'].includes(failure_reason),
  )
  test.each(decisive)(
    '%s has that line, however many other reasons the log holds',
    (failure_reason, line) => {
      const others = knowledgeBase().signatures.flatMap(({ rank, source }) =>
        rank === 'infrastructure' ? source.examples : [],
      )
      const detector = createErrorDetector()
      detector.push(at('building', ...others, line))
      expect(detector.finish({ failure_reason }).errors[0]).toMatchObject({ line: others.length })
    },
  )

  test('of the runner says only the step, so a log is needed', () => {
    expect(createErrorDetector().finish({ failure_reason: 'install_failed' }).outcome).toBe(
      'no_log',
    )
  })

  test('gives way to a heap that ran full', () => {
    const detector = createErrorDetector()
    detector.push(at('building', 'FATAL ERROR: JavaScript heap out of memory'))
    expect(detector.finish({ failure_reason: 'health_check_failed' }).errors).toMatchObject([
      { cause: 'out_of_memory' },
    ])
  })
})
