import { describe, expect, test } from 'vitest'
import { createScan } from '../engine/scan.ts'
import { detect, detectErrorsInLogLines } from '../index.ts'
import { knowledgeBase } from '../knowledge.ts'
import { measure } from './features.ts'
import { MODEL } from './model.ts'
import { surveyOf } from './survey.ts'
import { createView } from './view.ts'
import { unwrap } from './wrapped.ts'

const linesOf = (messages: readonly string[]) =>
  messages.map((message, line) => ({ line, step: null, message }))

const viewOf = (messages: readonly string[]) => createView(knowledgeBase(), linesOf(messages))

describe('what stands before every line of a stretch', () => {
  const messages = ['one thing', 'another one', 'Error: no quill', 'a third one', 'and the last']
  const text = (prefix: (index: number) => string) => {
    const view = viewOf(messages.map((message, index) => prefix(index) + message))
    return messages.map((_, index) => view.at(index).text)
  }

  test.each<[string, (index: number) => string]>([
    ['a monorepo runner', () => 'quill-web:bake: '],
    ['Docker, with a clock', (index) => `#12 ${index}.${index}31 `],
    ['a job and a step before tabs', () => 'bake quills\tRun the thing\t'],
    ['compose', () => 'web-1 | '],
    ['a host and a pipe', () => '[quill/7] '],
  ])('is taken off, though nothing knows it: %s', (_name, prefix) => {
    expect(text(prefix).map((line) => line.replace(/^\| /, ''))).toEqual(messages)
  })

  test('is left where only some lines have it', () => {
    expect(text((index) => (index === 2 ? 'quill: ' : ''))[2]).toBe('quill: Error: no quill')
  })

  test('is left where it is what an error begins with', () => {
    expect(text(() => 'error: ')[0]).toBe('error: one thing')
  })
})

test('lines that a narrow terminal wrapped are put together, and keep their places', () => {
  const lines = [
    'Baking all the quills of th',
    'e house before the evening',
    'Error: the quill of the goo',
    'se could not be found in th',
    'e ink pot of the old writer',
    '',
    'done with it',
  ]
  const joined = unwrap(knowledgeBase(), linesOf(lines))
  expect(joined.find(({ line }) => line === 2)?.message).toMatch(
    /^Error: the quill of the goose could not be found/,
  )
})

test('a headline that names no cause gives way to the detail below it', () => {
  const lines = [
    '> site@1.0.0 bake',
    '> quill bake',
    '',
    '✖ Baking the quills failed:',
    '',
    '  The ink "midnight" is not defined in the palette',
    '',
    ' ELIFECYCLE  Command failed with exit code 1.',
  ]
  expect(detectErrorsInLogLines(lines)[0]).toMatchObject({ line: 5 })
})

describe('a log that does not say that its build failed', () => {
  test.each([
    ['went on', ['Error: could not load the ink', '✓ built in 3.1s', 'Success: deployed']],
    ['counts no errors', ['✖ 12 problems (0 errors, 12 warnings)']],
    ['only sounds like it', ['Generating missing quills', 'reading unknown.txt']],
  ])('is no failure: it %s', (_name, lines) => {
    expect(detect(lines)).toMatchObject({ outcome: 'no_match', errors: [] })
  })

  test.each<[string, string[]]>([
    [
      'runs the next command after it',
      ['$ quill lint || true', 'Error: could not load the ink', '$ quill bake', 'baking'],
    ],
    [
      'shows an exception under a warning',
      [
        '[WARNING]: no ink, falling back to water: Error: connect ECONNREFUSED 127.0.0.1:6379',
        '    at <unknown> (Error: connect ECONNREFUSED 127.0.0.1:6379) {',
        "  code: 'ECONNREFUSED'",
        '}',
      ],
    ],
    [
      'logs what it has caught',
      [
        'Error fetching all quills: QuillInitializationError:',
        "Can't reach database server at `localhost:5432`",
        '    at quill (/opt/quill.js:121:7615) {',
        "  clientVersion: '5.22.0'",
        '}',
      ],
    ],
    ['ends well', ['Error: could not load the ink', 'the process exited with code 0']],
  ])('%s, and is no failure', (_name, lines) => {
    expect(detect(lines)).toMatchObject({ outcome: 'no_match', errors: [] })
  })

  test('is one where the error comes again after a success', () => {
    const lines = ['Error: could not load the ink', '✓ built in 3.1s']
    expect(detect([...lines, 'Error: could not load the ink']).errors).not.toEqual([])
  })

  test('is explained all the same where the control plane knows that it failed', () => {
    const lines = ['Error: could not load the ink', '✓ built in 3.1s']
    const { errors } = detect(lines, { failure_reason: 'build_command_failed' })
    expect(errors[0]).toMatchObject({ line: 0 })
  })
})

test('a cause is found however much was printed after it', () => {
  const cause = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'
  const lines = [cause, ...Array.from({ length: 3_000 }, (_, index) => `line ${index}`)]
  const end = 'Failed: error occurred while running build command'
  expect(detect([...lines, end]).errors[0]).toMatchObject({ cause: 'out_of_memory', line: 0 })
})

test('what is remembered of a log does not grow with it', () => {
  const scan = createScan(knowledgeBase())
  for (let page = 0; page < 200; page++) {
    scan.read(
      Array.from({ length: 100 }, (_, index) => `✘ [ERROR] Could not resolve "${page}/${index}"`),
    )
  }
  expect(scan.view().length).toBeLessThan(1_200)
})

test('every weight is one of a feature that is measured, and every signature counted exists', () => {
  const view = viewOf([
    'a: failed',
    '',
    'Error: x is not defined',
    '  at y (a.js:1:1)',
    '$ ink || true',
    'exit code: 1',
  ])
  const log = surveyOf(view)
  const groups = new Set<string>()
  for (const index of log.candidates) {
    measure({ view, log, table: MODEL.reliability }, index, (name) => groups.add(groupOf(name)))
  }
  expect(new Set(Object.keys(MODEL.weights).map(groupOf))).toEqual(groups)
  const ids = new Set(knowledgeBase().signatures.map(({ id }) => id))
  const unknown = Object.keys(MODEL.reliability).filter(
    (id) => !id.startsWith('rank:') && !ids.has(id),
  )
  expect(unknown).toEqual([])
})

function groupOf(feature: string): string {
  return feature.slice(0, feature.indexOf('.'))
}

test('a short log is not taken for a wrapped one because it has a longest line', () => {
  const lines = [
    'a quill',
    'and ink',
    'one pot',
    'of glass',
    'the longest line of this log',
    'and on',
  ]
  expect(viewOf(lines).length).toBe(lines.length)
})
