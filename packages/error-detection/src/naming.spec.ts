import { describe, expect, test } from 'vitest'
import { compileKnowledgeBase } from './engine/knowledge-base.ts'
import { detect, detectErrorsInLogLines } from './index.ts'
import { defineTool } from './signature.ts'

const first = (lines: readonly string[]) => detectErrorsInLogLines(lines)[0]

describe('the decisive line names what the failure is about', () => {
  test('where a headline with only a code comes before it', () => {
    const lines = [
      'npm error code ETARGET',
      'npm error notarget No matching version found for left-pad@99.0.0.',
    ]
    expect(first(lines)).toMatchObject({ cause: 'dependency_version_not_found', line: 1 })
    expect(first(lines.slice(0, 1))).toMatchObject({ line: 0 })
  })

  test('however much is printed between the two, up to forty lines', () => {
    const between = (count: number) => [
      'npm error code ETARGET',
      ...Array.from({ length: count }, () => 'npm error'),
      'npm error notarget No matching version found for left-pad@99.0.0.',
    ]
    expect(first(between(38))).toMatchObject({ line: 39 })
    expect(first(between(60))).toMatchObject({ line: 0 })
  })

  test('by the line after another one, and by the last resort where that is missing', () => {
    const lines = [
      'npm error code ERESOLVE',
      'npm error Found: react@19.0.0',
      'npm error Could not resolve dependency:',
      'npm error peer react@"^18.2.0" from react-dom@18.2.0',
    ]
    expect(first(lines)).toMatchObject({ cause: 'peer_dependency_conflict', line: 3 })
    expect(first(lines.slice(0, 2))).toMatchObject({ line: 1 })
  })

  test('once, where the headline and the line that names it have the same group', () => {
    const lines = [
      'npm error code E404',
      'npm error 404 Not Found - GET https://registry.example/left-padd - Not found',
      "npm error 404  'left-padd@1.0.0' is not in this registry.",
    ]
    expect(detectErrorsInLogLines(lines)).toMatchObject([{ line: 2 }])
    expect(detectErrorsInLogLines(lines)).toHaveLength(1)
  })
})

describe('a line after it can show that it is another failure', () => {
  const zod = (path: string) => [
    'ZodError: [',
    '  {',
    '    "code": "invalid_type",',
    '    "path": [',
    `      "${path}"`,
    '    ],',
  ]

  test('of a variable, by a name in capitals', () => {
    expect(first(zod('DATABASE_URL'))).toMatchObject({ cause: 'env_var_missing', line: 4 })
    expect(first(zod('title'))).toMatchObject({ cause: 'content_invalid', line: 0 })
  })

  test('of a package, by what the registry answered', () => {
    const answered = (code: string) => [
      '➤ YN0035: │ left-padd@npm:^1.0.0: The remote server failed to provide the requested resource',
      `➤ YN0035: │   Response Code: ${code}`,
    ]
    expect(first(answered('404 (Not Found)'))).toMatchObject({
      cause: 'dependency_not_found',
      line: 0,
    })
  })

  test('of the same tool only, and with a group that needs no value of the line', () => {
    const tool = (group: string) =>
      defineTool({
        name: 'Frobnicator',
        error_code: 'frobnicator_error',
        docs_url: 'https://frobnicator.example/',
        signatures: {
          refused: {
            message: '^frobnicator refused',
            cause: 'exception',
            named_by: [{ when: /^widget/, as: 'bent' }],
            examples: ['frobnicator refused'],
          },
          bent: { message: 'a bent widget {words}', group, cause: 'exception', examples: [] },
        },
      })
    expect(() => compileKnowledgeBase([tool('a bent widget')])).not.toThrow()
    expect(() => compileKnowledgeBase([tool('a bent widget {words}')])).toThrow(/become bent/)
  })
})

describe('a headline comes after its reason', () => {
  const headline =
    'Error occurred prerendering page "/". Read more: https://nextjs.org/docs/messages/prerender-error'
  const reason = 'TypeError: Failed to parse URL from undefined/posts'
  const causes = (lines: readonly string[]) =>
    detectErrorsInLogLines(lines).map(({ cause }) => cause)

  test('where the reason stands right after it', () => {
    expect(causes([headline, reason])).toEqual(['env_var_missing', 'prerender_failed'])
  })

  test('and is the answer where there is none, and one of two where another stands far below', () => {
    expect(causes([headline])).toEqual(['prerender_failed'])
    const far = [headline, ...Array.from({ length: 20 }, () => '  at render'), reason]
    expect(causes(far).sort()).toEqual(['env_var_missing', 'prerender_failed'])
  })
})

test('a command that failed without a word is said to have, and one with words is not', () => {
  const echo = 'Executing user build command: test -n "$API_BASE"'
  const end = 'Failed: error occurred while running build command'
  expect(first([echo, end])).toMatchObject({
    title: 'The build command failed without printing anything',
  })
  expect(first([echo, 'API_BASE is not set', end])).toMatchObject({
    cause: 'env_var_missing',
    line: 1,
  })
  expect(detect([echo, '', '> site@1.0.0 build', '> test -n "$API_BASE"', '', end])).toMatchObject({
    errors: [{ title: 'The build command failed without printing anything' }],
  })
})
