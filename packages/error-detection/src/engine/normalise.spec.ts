import { describe, expect, test } from 'vitest'
import { knowledgeBase } from '../knowledge.ts'
import { plainText } from './plain-text.ts'

const { normalise, isNoise, isRoutine } = knowledgeBase()

const message = (line: string) => normalise(plainText(line))

describe('what stands in front of a message is removed', () => {
  test.each([
    ['2026-01-17T19:15:23.209Z\tboom', 'boom'],
    ['14:24:44.378\tboom', 'boom'],
    ['7:03:04 PM: boom', 'boom'],
    ['12:09:38.022 | boom', 'boom'],
    ['Deploy\tPublish\t2026-03-08T22:28:06.4693120Z boom', 'boom'],
    ['##[error]boom', 'boom'],
    ['remote: boom', 'boom'],
    ['#12 6.750 boom', 'boom'],
    ['@acme/web:build: boom', 'boom'],
    ['apps/web build: boom', 'boom'],
    ['[0] boom', 'boom'],
    ['node.exe : boom', 'boom'],
    ['\u001b[31m  boom\u001b[39m\r', 'boom'],
    ['10 %\r90 %\rboom', 'boom'],
    ['remote: 2026-01-17T19:15:23Z [1] boom', 'boom'],
  ])('%j', (line, expected) => {
    expect(message(line)).toBe(expected)
  })

  test.each([
    'fatal: boom',
    'src/a.ts(1,2): error TS2322: boom',
    'sh: 1: boom',
    'Type error: boom',
  ])('but not %j, which is the message', (line) => {
    expect(message(line)).toBe(line)
  })
})

describe('one spelling stands for all', () => {
  test.each([
    ['npm ERR! code ERESOLVE', 'npm error code ERESOLVE'],
    ['X [ERROR] boom', '✘ [ERROR] boom'],
    ['\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m boom', '✘ [ERROR] boom'],
    ['Ô£ÿ [ERROR] boom', '✘ [ERROR] boom'],
    [' ERR_PNPM_X  two   spaces', 'ERR_PNPM_X two spaces'],
    ['10:10:50   └─ /index.htmlfetch failed', 'Error: fetch failed'],
    ['├─ /shop/feed.xmlTypeError: boom', 'TypeError: boom'],
    ['└─ /x.json[EndpointDidNotReturnAResponse] boom', '[EndpointDidNotReturnAResponse] boom'],
    ['└─ /index.html (+29ms)', '└─ /index.html (+29ms)'],
  ])('%j', (line, expected) => {
    expect(message(line)).toBe(expected)
  })
})

describe('the line of a page', () => {
  test.each([
    ['└─ /index.html (+29ms)', true],
    ['10:10:50   ├─ /shop/feed.xml (+1.31s)', true],
    ['└─ /index.htmlfetch failed', false],
    ['└─ /index.htmlno answer (+29ms)', false],
    ['Error: no answer (+29ms)', false],
  ])('%j is that of one that was built: %s', (text, isDone) => {
    expect(isRoutine(text)).toBe(isDone)
  })
})

describe('warnings, retries and frames report no failure', () => {
  test.each([
    'npm warn ERESOLVE overriding peer dependency',
    '▲ [WARNING] Could not resolve "x"',
    ' WARN  GET https://registry.example/x error (ECONNRESET). Will retry in 10 seconds.',
    '10:00:00 [WARN] [router] Cannot find module',
    '    at Object.<anonymous> (/opt/buildhome/repo/a.js:1:1)',
    "  12 | throw new Error('Cannot find module')",
    '$ npm run build',
    '✘ [ERROR] The build was canceled',
    '.svelte-kit/output/server/entries/fallbacks/error.svelte.js   1.19 kB │ gzip: 0.60 kB',
    '[@astrojs/cloudflare] If you see the error "Invalid binding `SESSION`" in your build output',
  ])('%s', (line) => {
    expect(isNoise(message(line))).toBe(true)
  })

  test.each(['npm error code E404', 'Warning, treated as error:', 'error: boom', 'Error: at last'])(
    'but not: %s',
    (line) => {
      expect(isNoise(message(line))).toBe(false)
    },
  )
})

test('a message is looked at up to a length', () => {
  expect(plainText('x'.repeat(100_000)).length).toBe(2_048)
})
