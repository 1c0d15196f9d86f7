import { LogLine, MAX_MESSAGE_LENGTH } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
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
