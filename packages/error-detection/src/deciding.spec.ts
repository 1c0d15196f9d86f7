import { readFileSync } from 'node:fs'
import type { LogLine } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { detect, detectErrorsInLogLines, explanationOf } from './index.ts'

const causes = (lines: Iterable<LogLine | string>) =>
  detectErrorsInLogLines(lines).map(({ cause }) => cause)

describe('an error after which the build went on is not the cause', () => {
  test('in a log that does not store steps', () => {
    expect(
      detect([
        'Executing user build command: npm run build',
        '✘ [ERROR] Could not resolve "./a"',
        'Success: Build command completed',
      ]).outcome,
    ).toBe('no_match')
  })

  test('when the framework goes on after an exception', () => {
    expect(detect(['Error: only said while building', '✓ Compiled successfully']).outcome).toBe(
      'no_match',
    )
  })

  test('but an error of a deploy after a good build is', () => {
    expect(
      causes([
        'Executing user build command: npm run build',
        'Error: only said while building',
        'Success: Build command completed',
        'Executing user deploy command: npx wrangler deploy',
        '✘ [ERROR] Missing entry-point to Worker script or to assets directory',
        'Failed: error occurred while running deploy command',
      ]),
    ).toEqual(['entry_point_missing'])
  })
})

test('the terminal line gives the stage only when nothing gives the cause', () => {
  const stage = 'Failed: error occurred while installing tools or dependencies'
  expect(causes([stage])).toEqual(['tools_or_dependencies_failed'])
  expect(causes(['npm error code ERESOLVE', stage])).toEqual(['peer_dependency_conflict'])
})

test('what the API answered decides when wrangler could not look the Worker up', () => {
  const wrapper =
    '✘ [ERROR] An error occurred while trying to validate that the Worker name matches what is expected by the build system.'
  const stage = 'Failed: error occurred while running deploy command'
  expect(causes([wrapper, stage])).toEqual(['api_unavailable'])
  const answer = '  Authentication error [code: 10000]'
  expect(causes([wrapper, '', answer, stage])[0]).toBe('api_auth_failed')
})

describe('a message of esbuild is', () => {
  const unresolved = '✘ [ERROR] Could not resolve "./missing.js"'
  const codes = (lines: (LogLine | string)[]) =>
    detectErrorsInLogLines(lines).map((error) => error.error_code)

  test("esbuild's, where the build command runs it by hand", () => {
    const log = readFileSync(
      `${import.meta.dirname}/../fixtures/esbuild-unresolved.esbuild@0.25.log`,
      'utf8',
    )
    const lines = log.split('\n').map((line): LogLine => [0, 'building', line])
    expect(codes([[0, 'installing', '+ wrangler 4.50.0'], ...lines])).toEqual(['esbuild_error'])
    expect(explanationOf({ error_code: 'esbuild_error', cause: 'module_not_found' })).toMatchObject(
      {
        docs_url: expect.stringMatching(/esbuild/),
      },
    )
  })

  test("Wrangler's, where it runs in the same step, and where the step is not known", () => {
    const banner = ' ⛅️ wrangler 4.50.0'
    expect(
      codes([
        [0, 'building', banner],
        [0, 'building', unresolved],
      ]),
    ).toEqual(['wrangler_error'])
    expect(codes([[0, 'deploying', unresolved]])).toEqual(['wrangler_error'])
    expect(codes([unresolved])).toEqual(['wrangler_error'])
  })
})

test('a headline gives way to the reason right below it that a signature knows', () => {
  const headline = 'Error occurred prerendering page "/". Read more: https://nextjs.org/docs'
  const reason = 'TypeError: Failed to parse URL from undefined/posts'
  const frame = '    at async c (app/page.tsx:1:50)'
  const end = 'Export encountered an error on /page: /, exiting the build.'
  expect(detectErrorsInLogLines([headline, reason, frame, end])).toMatchObject([
    { cause: 'env_var_missing', line: 1 },
    { cause: 'prerender_failed', line: 0 },
  ])
  expect(detectErrorsInLogLines([headline, frame, end])).toMatchObject([
    { cause: 'prerender_failed', line: 0 },
  ])
})

test('a line that introduces the next one is not the decisive one', () => {
  const log = ['✗ Build failed in 6.51s', 'error during build:', '', '[plugin:entry] No entry here']
  expect(detectErrorsInLogLines(log)).toMatchObject([{ cause: 'resource_not_found', line: 3 }])
  expect(detectErrorsInLogLines(log.slice(0, 2))).toMatchObject([{ line: 0 }])
  const words = detect([...log.slice(0, 3), '[plugin] Wrong usage: error: no entry'])
  expect(words).toMatchObject({
    outcome: 'detected',
    errors: [{ error_code: 'vite_error', line: 3 }],
  })
})

test('what the API answers without a code is the decisive line, where it answers anything', () => {
  const failed =
    '✘ [ERROR] A request to the Cloudflare API (/accounts/abc/workers/scripts/site) failed.'
  const end = 'If you think this is a bug, please open an issue at: https://github.com/cloudflare'
  const known = { error_code: 'cloudflare_api_error', cause: 'api_error' }
  expect(
    detectErrorsInLogLines([failed, '', '  It could not be completed', '', end]),
  ).toMatchObject([{ ...known, line: 2 }])
  expect(detectErrorsInLogLines([failed, '', '  ', end])).toMatchObject([{ ...known, line: 0 }])
})

test('what Wrangler lists under a warning is no cause, what it lists under an error is', () => {
  const listed = '    - Unexpected fields found in top-level field: "mainn"'
  const warning = '▲ [WARNING] Processing wrangler.toml configuration:'
  const error = '✘ [ERROR] Processing wrangler.toml configuration:'
  expect(detect([warning, '', listed, '', 'Total Upload: 1 KiB']).outcome).toBe('no_match')
  expect(detect([warning, '', listed, error, '', listed]).outcome).toBe('detected')
  const uncaught = '  Uncaught ReferenceError: document is not defined'
  expect(causes([warning, '', listed, uncaught])).toEqual(['worker_startup_failed'])
})

test('a complaint after which a framework goes on is no cause beside a real one', () => {
  const complaints = [
    '[vite:css] @import must precede all other statements (besides @charset or empty @layer)',
    '⨯ ESLint: Invalid Options: - Unknown options: useEslintrc, extensions',
    '⨯ Failed to patch lockfile, please try uninstalling and reinstalling next in this workspace',
    "Error: Dynamic server usage: Route /a couldn't be rendered statically because it used `headers`.",
  ]
  expect(causes([...complaints, 'sh: 1: wrangler: not found'])).toEqual(['command_not_found'])
  expect(detect(complaints.slice(0, 1)).outcome).toBe('no_match')
})

test('a count of failures is not reported beside them', () => {
  const rule = "  1:7  error  'unused' is assigned a value but never used  no-unused-vars"
  const count = '✖ 1 problem (1 error, 0 warnings)'
  const errors = detectErrorsInLogLines([rule, '', count])
  expect(errors).toMatchObject([{ cause: 'lint_error', line: 0 }])
  expect(errors).toHaveLength(1)
  expect(detectErrorsInLogLines([count])).toMatchObject([{ cause: 'lint_error' }])
})

test('a line may need the line before it', () => {
  const failed = 'Failed: error occurred while installing tools or dependencies'
  const found = 'Found a .tool-versions file in repository root. Installing dependencies.'
  expect(causes([found, '', failed])).toEqual(['tool_version_not_found'])
  expect(causes([found, 'Installed everything', failed])).toEqual(['tools_or_dependencies_failed'])
})

test('the line before may be on the page before', () => {
  const page = Array.from({ length: 1_000 }, () => 'installing')
  const lines = function* () {
    yield* page.slice(1)
    yield 'Found a .tool-versions file in repository root. Installing dependencies.'
    yield 'Failed: error occurred while installing tools or dependencies'
  }
  expect(causes(lines())).toEqual(['tool_version_not_found'])
})

test('retries and warnings never count', () => {
  expect(
    detect([
      'npm warn ERESOLVE overriding peer dependency',
      ' WARN  GET https://registry.example/x error (ECONNRESET). Will retry in 10 seconds. 2 retries left.',
      '▲ [WARNING] Could not resolve "x"',
    ]).outcome,
  ).toBe('no_match')
})

test('at most five errors are reported, however many there are', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `a.ts(1,1): error TS2${300 + index}: x`)
  expect(causes(lines)).toHaveLength(5)
})

test('a message that a terminal has wrapped is put together again', () => {
  const [error] = detectErrorsInLogLines(['Building the thing', 'Error: spawn cmd.exe ', 'ENOENT'])
  expect(error).toMatchObject({ cause: 'command_not_found', line: 1 })
})
