import { describe, expect, test } from 'vitest'
import { decodeLogCursor, encodeLogCursor, LogLine, LogPage, MAX_MESSAGE_LENGTH } from './log.ts'

test('a cursor survives its URL-safe form', () => {
  for (const line of [0, 1, 999, 200_000]) {
    const encoded = encodeLogCursor({ line })
    expect(encoded).toMatch(/^[\w-]+$/)
    expect(decodeLogCursor(encoded)).toEqual({ line })
  }
})

test.each([
  '',
  'not base64!',
  btoa('{}'),
  btoa('{"line":-1}'),
  btoa('{"line":1.5}'),
  btoa('[]'),
  '%00',
])('"%s" is no cursor', (text) => {
  expect(decodeLogCursor(text)).toBeUndefined()
})

describe('a page takes the lines that a line is', () => {
  test.each([
    [[1, 'building', 'text']],
    [[0, 'deploying', 'x'.repeat(MAX_MESSAGE_LENGTH)]],
    [[-1, 'building', 'text']],
    [[1.5, 'building', 'text']],
    [['1', 'building', 'text']],
    [[1, 'resting', 'text']],
    [[1, 'building', 7]],
    [[1, 'building', 'x'.repeat(MAX_MESSAGE_LENGTH + 1)]],
    [[1, 'building']],
    [[1, 'building', 'text', 'more']],
    ['text'],
    [null],
  ])('%.40j', (line) => {
    const lines = [[1, 'building', 'before'], line]
    const page = LogPage.safeParse({ lines, complete: true })
    expect(page.success).toBe(LogLine.safeParse(line).success)
    if (page.success) expect(page.data.lines).toEqual(lines)
  })

  test('and refuses what is no list', () => {
    for (const lines of [undefined, {}, 'text']) {
      expect(LogPage.safeParse({ lines, complete: true }).success).toBe(false)
    }
  })
})
