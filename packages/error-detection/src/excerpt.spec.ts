import { describe, expect, test } from 'vitest'
import { excerptOf, excerptText, linesOfExcerpt, locationText } from './excerpt.ts'

/** The excerpt around line `line`, counted from 0, of a whole log. */
function excerpt(log: readonly string[], line: number, root_directory?: string) {
  const { index, count } = linesOfExcerpt(line)
  const lines = log.slice(index, index + count)
  return excerptOf({ line, lines, ...(root_directory !== undefined && { root_directory }) })
}

const location = (log: readonly string[], line = 0, root_directory?: string) =>
  excerpt(log, line, root_directory)?.location ?? null

describe('an excerpt', () => {
  const log = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`)

  test('counts from 1, and shows up to six lines around the decisive one', () => {
    expect(excerpt(log, 49)).toMatchObject({
      decisive: { line_number: 50, text: 'line 50' },
      context: [48, 49, 51, 52, 53, 54].map((line_number) => {
        return { line_number, text: `line ${line_number}` }
      }),
    })
  })

  test('is shorter at the ends of a log, and without blank lines', () => {
    expect(excerpt(['a', '', '  ', 'b'], 0)).toMatchObject({
      decisive: { line_number: 1, text: 'a' },
      context: [{ line_number: 4, text: 'b' }],
    })
    expect(excerpt(log, 99)?.context.map(({ line_number }) => line_number)).toEqual([98, 99])
  })

  test('has no colours, and cuts a very long line', () => {
    expect(excerpt([`\u001b[31m${'x'.repeat(5_000)}\u001b[39m`], 0)?.decisive.text).toBe(
      'x'.repeat(1_000),
    )
  })

  test('is none where the log does not reach to the line', () => {
    expect(excerpt(log, 100)).toBeUndefined()
  })
})

describe('the place in the repository', () => {
  test.each([
    ['src/a.ts:3:5: ERROR: Unexpected "="', 'src/a.ts', 3, 5],
    ['./app/blog/[slug]/page.tsx:1:10', 'app/blog/[slug]/page.tsx', 1, 10],
    ["src/a.ts(3,5): error TS2307: Cannot find module './b'", 'src/a.ts', 3, 5],
    [
      'src/routes/(shop)/+page.svelte (3:9): "x" is not exported',
      'src/routes/(shop)/+page.svelte',
      3,
      9,
    ],
    ['ERROR in ./src/index.js 1:0-22', 'src/index.js', 1, 0],
    ['  File "scripts/build.py", line 7, in <module>', 'scripts/build.py', 7, null],
    ['/opt/buildhome/repo/src/a.css:2:3: Unexpected token', 'src/a.css', 2, 3],
    ['    at load (file:///tmp/build-7/repo/lib/a.mjs:4:9)', 'lib/a.mjs', 4, 9],
    ['Could not resolve "./b" from "src/a.js"', 'src/a.js', null, null],
    [
      'failed to resolve import "dayjs" from "/opt/buildhome/repo/src/main.js".',
      'src/main.js',
      null,
      null,
    ],
  ])('%s', (line, file, number, column) => {
    expect(location([line])).toEqual({ file, line: number, column })
  })

  test.each([
    'Error: connect ECONNREFUSED 127.0.0.1:5999',
    'npm error notarget No matching version found for left-pad@99.0.0.',
    'GET https://registry.example/a.js:1:2',
    'Wrangler requires at least Node.js v22.12.0.',
    "Error: ENOENT: no such file or directory, open '/opt/buildhome/repo/gone.json'",
    '/opt/buildhome/repo/node_modules/x/index.js:3:1: ERROR',
    '/usr/lib/node_modules/npm/lib/cli.js:3:1',
    '../../outside.ts:1:1',
    '    at node:internal/modules/run_main:107:5',
  ])('is none in %s', (line) => {
    expect(location([line])).toBeNull()
  })

  test('stands under the message, above it, or in the first frame of the project', () => {
    expect(location(['✘ [ERROR] Could not resolve "./b"', '', '    src/a.ts:3:5:'])).toMatchObject({
      file: 'src/a.ts',
    })
    expect(location(['./app/page.tsx:1:10', 'Error: a hook'], 1)).toMatchObject({ line: 1 })
    const frames = [
      'ReferenceError: window is not defined',
      '    at x (/opt/buildhome/repo/node_modules/x/a.js:1:1)',
      '    at y (/opt/buildhome/repo/src/y.js:8:2)',
    ]
    expect(location(frames)).toEqual({ file: 'src/y.js', line: 8, column: 2 })
  })

  test('of a linter is the file above its list', () => {
    const log = [
      '',
      '/opt/buildhome/repo/src/a.js',
      '  1:7  error  x  no-y',
      '  9:1  error  z  no-z',
    ]
    expect(location(log, 3)).toEqual({ file: 'src/a.js', line: 9, column: 1 })
  })

  test('is counted from the root of the repository, where the build runs in a folder of it', () => {
    expect(location(['src/a.ts:3:5'], 0, '/apps/web')).toMatchObject({ file: 'apps/web/src/a.ts' })
    expect(location(['../ui/b.ts:1:1'], 0, 'apps/web/')).toMatchObject({ file: 'apps/ui/b.ts' })
    const absolute = '/opt/buildhome/repo/apps/web/src/a.ts:3:5'
    expect(location([absolute], 0, 'apps/web')).toMatchObject({ file: 'apps/web/src/a.ts' })
  })
})

test('an excerpt is shown in the order of the log, with the decisive line marked', () => {
  const shown = excerpt(['a', 'b', 'c'], 1)
  expect(shown && excerptText(shown)).toBe('  1: a\n> 2: b\n  3: c')
})

test('a place is written as editors link it', () => {
  expect(locationText({ file: 'src/a.ts', line: 3, column: 5 })).toBe('src/a.ts:3:5')
  expect(locationText({ file: 'src/a.ts', line: null, column: null })).toBe('src/a.ts')
})
