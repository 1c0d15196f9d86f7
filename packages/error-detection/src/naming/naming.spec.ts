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

describe('a line that a signature knows by its beginning alone', () => {
  const end = 'Failed: error occurred while running build command'

  test('has the cause that its words speak of', () => {
    const [error] = detect([
      'npm error code EUNKNOWN',
      'npm error options must be an object',
    ]).errors
    expect(error).toMatchObject({ error_code: 'npm_error', cause: 'framework_misuse' })
  })

  test('is of the tool that the log says is running', () => {
    const lines = [
      '> site@1.0.0 build',
      '> esbuild a.js',
      '✘ [ERROR] Cannot use "quill" here:',
      end,
    ]
    expect(detect(lines).errors[0]).toMatchObject({ error_code: 'esbuild_error', line: 2 })
    expect(detect(lines.slice(2)).errors[0]).toMatchObject({ error_code: 'wrangler_error' })
  })

  test('is never of the package manager that runs a script', () => {
    const lines = ['$ npm ci', 'Error: the quill broke: no ink', end]
    expect(detect(lines).errors[0]).toMatchObject({ error_code: 'node_error', line: 1 })
  })

  test('is of the tool in whose code it was thrown', () => {
    const frame =
      '    at build (file:///opt/buildhome/repo/node_modules/@sveltejs/kit/src/a.js:8:1)'
    const lines = ['> site@1.0.0 build', '> vite build', 'Error: the quill is not a feather', frame]
    expect(detect([...lines, end]).errors[0]).toMatchObject({ error_code: 'sveltekit_error' })
  })

  test('gives way to the one that it introduces, however many do', () => {
    const lines = [
      'error during build:',
      'SvelteKit error: quill_dry',
      'The quill must be wet.',
      end,
    ]
    expect(detect(lines).errors[0]).toMatchObject({ error_code: 'sveltekit_error', line: 2 })
  })
})

test('the message above a stack is the answer, whatever its words', () => {
  const lines = [
    '> site@1.0.0 build',
    '> astro build',
    'Quills: ink at odds',
    '  Stack trace:',
    '    at a.js:1:1',
  ]
  const { errors } = detect([...lines, 'Failed: error occurred while running build command'])
  expect(errors[0]).toMatchObject({ error_code: 'astro_error', line: 2 })
})
