import { describe, expect, test } from 'vitest'
import { detect, explanationOf } from '../index.ts'
import { NAME_CONFIDENCE, PROGRAM_ERROR } from './name.ts'
import { causeOfWords, PHRASES } from './phrases.ts'
import { programsOf } from './programs.ts'

const examples = PHRASES.flatMap(({ cause, examples }) =>
  examples.map((example) => [example, cause] as const),
)

test.each(examples)('"%s" speaks of %s', (example, cause) => {
  expect(causeOfWords(example)).toBe(cause)
})

test('words of no cause are given none', () => {
  expect(causeOfWords('cannot frobnicate widget')).toBeUndefined()
})

test.each([
  ['npx --yes wrangler@4 deploy', ['wrangler_error']],
  ['NODE_ENV=production next build', ['next_error']],
  ['tsc -b && vite build', ['typescript_error', 'vite_error']],
  ['pnpm exec astro build', ['astro_error']],
  ['node_modules/.bin/hugo --minify', ['hugo_error']],
  ['npm run build', []],
  ['./scripts/quill.sh', []],
])('the programs of "%s"', (command, codes) => {
  expect(programsOf(command).map(({ error_code }) => error_code)).toEqual(codes)
})

describe('an error that no signature knows', () => {
  const exit = ' ELIFECYCLE  Command failed with exit code 1.'

  test('has the tool of its command, the cause of its words and a masked group', () => {
    const lines = [
      '> site@1.0.0 build',
      '> hugo',
      '',
      '✖ no permission: permission denied, acme.css',
      exit,
    ]
    const { outcome, errors } = detect(lines)
    expect(outcome).toBe('detected')
    expect(errors[0]).toMatchObject({
      error_code: 'hugo_error',
      cause: 'permission_denied',
      confidence: NAME_CONFIDENCE.tool_and_words,
      line: 3,
    })
    expect(errors[0]?.error_group).not.toContain('acme')
  })

  test('is one of a program of its own where no tool is known', () => {
    const [error] = detect(['$ ./quill.sh', 'quill: permission denied, acme.css', exit]).errors
    expect(error).toMatchObject({
      error_code: PROGRAM_ERROR,
      cause: 'permission_denied',
      confidence: NAME_CONFIDENCE.words,
    })
    expect(explanationOf(error ?? { error_code: '', cause: '' })?.fix).toMatch(/\w/)
  })

  test('names its tool itself where it does so', () => {
    const lines = ['[vite:quill] cannot frobnicate: fatal error: no', exit]
    expect(detect(lines).errors[0]).toMatchObject({ error_code: 'vite_error' })
  })
})

test('a wrapper is the answer only where the log holds nothing else', () => {
  const wrapper = ' ELIFECYCLE  Command failed with exit code 1.'
  expect(detect([wrapper]).errors[0]).toMatchObject({ error_code: 'pnpm_error', line: 0 })
  const cause = 'Error: Cannot find package "quill" imported from acme.js'
  expect(detect([cause, wrapper]).errors[0]).toMatchObject({ line: 0 })
})
