import { readFileSync } from 'node:fs'
import type { LogLine } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { detect, detectErrorsInLogLines, explanationOf } from './index.ts'

const causes = (lines: Iterable<LogLine | string>) =>
  detectErrorsInLogLines(lines).map(({ cause }) => cause)

describe('a build that went on is not blamed on what it went past', () => {
  test('neither in a log that only says so', () => {
    expect(
      detect([
        'Executing user build command: npm run build',
        '✘ [ERROR] Could not resolve "./a"',
        'Success: Build command completed',
      ]).outcome,
    ).toBe('no_match')
  })

  test('nor when the framework goes on after an exception', () => {
    expect(detect(['Error: only said while building', '✓ Compiled successfully']).outcome).toBe(
      'no_match',
    )
  })

  test('but a deploy that fails after a good build is', () => {
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

test('a count of failures is not told beside them', () => {
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

test('a handful of errors is told, however many there are', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `a.ts(1,1): error TS2${300 + index}: x`)
  expect(causes(lines)).toHaveLength(5)
})

test('a message that a terminal has wrapped is put together again', () => {
  const [error] = detectErrorsInLogLines(['Building the thing', 'Error: spawn cmd.exe ', 'ENOENT'])
  expect(error).toMatchObject({ cause: 'command_not_found', line: 1 })
})
