import { expect, test } from 'vitest'
import { decodeLogCursor, encodeLogCursor } from './log.ts'

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
