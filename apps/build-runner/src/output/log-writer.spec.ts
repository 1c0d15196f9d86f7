import { BuildWarnings, LogLine, MAX_MESSAGE_LENGTH } from '@workers-builds/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'
import { LogBuffer } from './log-buffer.ts'
import { LogWriter } from './log-writer.ts'
import { Masker } from './masker.ts'

function messages(write: (log: LogWriter) => void, secrets: string[] = []): string[] {
  const buffer = new LogBuffer()
  write(new LogWriter({ buffer, masker: new Masker(secrets) }))
  const lines = buffer.nextFlush()?.lines ?? []
  for (const line of lines) LogLine.parse(line)
  return lines.map(([, , message]) => message)
}

test('a secret is masked when it comes in pieces', () => {
  const log = messages(
    (log) => {
      const lines = log.lines()
      for (const character of 'token=s3cr3t-value!\n') lines.push(character)
    },
    ['s3cr3t-value'],
  )
  expect(log).toEqual(['token=***!'])
})

test('a line as long as allowed is kept, a longer one is cut with a word on it', () => {
  const longest = 'x'.repeat(MAX_MESSAGE_LENGTH)
  expect(messages((log) => log.write(longest))).toEqual([longest])
  const [cut = ''] = messages((log) => log.write(`${'x'.repeat(100_000)}`))
  expect(cut.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH)
  expect(cut).toMatch(/^x+ \[… 91856 more characters\]$/)
})

test('no part of a secret shows where a line is cut', () => {
  const secret = 'a-very-long-secret-value'
  for (let before = MAX_MESSAGE_LENGTH - 100; before < MAX_MESSAGE_LENGTH + 10; before++) {
    const line = `${'x'.repeat(before)}${secret}${'y'.repeat(100)}`
    expect(messages((log) => log.write(line), [secret])[0]).not.toContain('a-v')
  }
})

test('a character is not cut in half, and no NUL is left', () => {
  const [cut = ''] = messages((log) => log.write('😀'.repeat(MAX_MESSAGE_LENGTH)))
  expect(cut.isWellFormed()).toBe(true)
  expect(messages((log) => log.write('a\0b'))).toEqual(['a\uFFFDb'])
})

describe('output of many lines', () => {
  const SECRETS = [
    'sk_live_T0k3n&<Val+ue>/with"quote_0123456789abcdef',
    'hunter2',
    'first-line-of-it\nsecond-line-of-it\n',
    JSON.stringify({ key: 'https://example.com/hook?key=1234', other: 'https://example.org/' }),
  ]
  /** Only a longer piece is looked through as a whole. */
  const LONG = 'nothing\n'.repeat(200)
  const secret = fc.constantFrom(...SECRETS)
  const anyForm = fc
    .oneof(
      secret,
      secret.map((value) => Buffer.from(value).toString('base64')),
      secret.map((value) => Buffer.from(value).toString('base64').replace(/.{16}/g, '$&\n')),
      fc.tuple(
        secret,
        fc.nat(),
        fc.constantFrom('\n', '\n  ', '\u001b[31m', '\r', '\b', '\r\n', '\n\n'),
      ),
    )
    .map((form) => {
      if (typeof form === 'string') return form
      const [value, at, between] = form
      const place = at % value.length
      return value.slice(0, place) + between + value.slice(place)
    })
  const filling = fc.oneof(
    fc.constantFrom(
      '\n',
      ' ',
      '\r',
      '\n\n',
      '\u001b[2m',
      '│',
      '  \n',
      'https://example.net/a\n',
      'sk_\n',
    ),
    fc.integer({ min: 1, max: 18 }).map((count) => 'npm http fetch GET 200\n'.repeat(count)),
    fc.string({ maxLength: 12 }),
  )
  const output = fc.array(fc.oneof(filling, anyForm), { minLength: 1, maxLength: 20 })

  test('is masked as each line by itself is, whatever the pieces it comes in', () => {
    const masker = new Masker(SECRETS)
    fc.assert(
      fc.property(
        output,
        fc.oneof(fc.constant(65_536), fc.integer({ min: 1, max: 5_000 })),
        (parts, length) => {
          const text = LONG + parts.join('')
          const written = messages((log) => {
            const lines = log.lines()
            for (let start = 0; start < text.length; start += length) {
              lines.push(text.slice(start, start + length))
            }
            lines.end()
          }, SECRETS)
          const lines = masker.lines()
          const expected: string[] = []
          const splitter = new LineSplitter({
            maxLength: MAX_MESSAGE_LENGTH,
            onLine: (line) => expected.push(lines.mask(line.text)),
          })
          splitter.push(text)
          splitter.end()
          expect(written).toEqual(expected.map((line) => line.toWellFormed()))
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('warnings are kept for the end, masked, each once, no more and no longer than may be reported', () => {
  const buffer = new LogBuffer()
  const log = new LogWriter({ buffer, masker: new Masker(['install', 's3cr3t-value']) })
  log.warn`devDependencies of the install`
  for (let i = 0; i < 2; i += 1) log.warn`Warning: npx downloads ${'s3cr3t-value'}`
  log.warn`${'x'.repeat(MAX_MESSAGE_LENGTH)}`
  for (let i = 0; i < 100; i += 1) log.warn`Warning ${i}`
  const warnings = log.warnings()
  expect(warnings.slice(0, 2)).toEqual([
    'devDependencies of the install',
    'Warning: npx downloads ***',
  ])
  expect(BuildWarnings.parse(warnings)).toHaveLength(20)
})
