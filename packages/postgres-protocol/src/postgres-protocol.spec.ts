import { describe, expect, test } from 'vitest'
import {
  createMessageReader,
  createPacketReader,
  errorResponse,
  isIdle,
  passwordIn,
  query,
  READY,
  REQUEST,
  requestOf,
  statementIn,
} from './index.ts'

/** The same bytes, cut in two at each place in turn. */
function* cuts(bytes: Buffer): Generator<[Buffer, Buffer]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)]
}

describe('a stream of messages', () => {
  const stream = Buffer.concat([query('select 1'), READY, query('täglich')])

  test('gives the same ones wherever it is cut', () => {
    for (const chunks of cuts(stream)) {
      const read = createMessageReader()
      const messages = chunks.flatMap(read)
      expect(messages.map(({ type }) => type)).toEqual(['Q', 'Z', 'Q'])
      expect(messages.map(statementIn)).toEqual(['select 1', undefined, 'täglich'])
      expect(Buffer.concat(messages.map(({ bytes }) => bytes))).toEqual(stream)
    }
  })

  test('gives nothing of one that is not whole', () => {
    const read = createMessageReader()
    for (const byte of stream.subarray(0, query('select 1').length - 1)) {
      expect(read(Buffer.from([byte]))).toEqual([])
    }
  })

  test('that says a length no message has is refused', () => {
    const read = createMessageReader()
    expect(() => read(Buffer.from([0x51, 0, 0, 0, 3]))).toThrow(RangeError)
  })
})

test('what comes before all messages has no type, and is short', () => {
  const asksForTls = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
  for (const chunks of cuts(asksForTls)) {
    expect(chunks.flatMap(createPacketReader()).map(requestOf)).toEqual([REQUEST.tls])
  }
  expect(() => createPacketReader()(Buffer.from('GET / HTTP/1.1'))).toThrow(RangeError)
})

test('what is in a message is read', () => {
  const [parse, password, ready] = createMessageReader()(
    Buffer.from('P\0\0\0\x14name\0select 1\0\0\0p\0\0\0\x0bsecret\0Z\0\0\0\x05T', 'latin1'),
  )
  expect(parse && statementIn(parse)).toBe('select 1')
  expect(password && passwordIn(password)).toBe('secret')
  expect(ready && isIdle(ready)).toBe(false)
})

test('an error is sent with its severity, its code and its message', () => {
  const [error] = createMessageReader()(errorResponse('FATAL', '57P03', 'not now'))
  expect(error?.type).toBe('E')
  expect(error?.bytes.toString('utf8', 5)).toBe('SFATAL\0VFATAL\0C57P03\0Mnot now\0\0')
})
