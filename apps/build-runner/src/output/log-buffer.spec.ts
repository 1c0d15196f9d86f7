import { MAX_FLUSH_LINES } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { LogBuffer } from './log-buffer.ts'

function bufferOf(count: number, message = (line: number) => `line ${line}`): LogBuffer {
  const buffer = new LogBuffer()
  for (let line = 0; line < count; line++) buffer.append([1, 'building', message(line)])
  return buffer
}

const messagesOf = (buffer: LogBuffer) => buffer.nextFlush()?.lines.map(([, , message]) => message)

test('a flush begins with the first line that is not acknowledged', () => {
  const buffer = bufferOf(3)
  expect(buffer.nextFlush()).toMatchObject({ v: 1, first_line: 0, lines: { length: 3 } })
  buffer.acknowledge(2)
  expect(buffer.nextFlush()).toEqual({ v: 1, first_line: 2, lines: [[1, 'building', 'line 2']] })
  buffer.acknowledge(3)
  expect(buffer.nextFlush()).toBeUndefined()
  expect(buffer.lineCount).toBe(3)
})

test('a flush has at most 1,000 lines and about 512 KB', () => {
  const many = bufferOf(2_500)
  expect(many.nextFlush()?.lines).toHaveLength(MAX_FLUSH_LINES)
  const long = bufferOf(200, () => 'x'.repeat(8_000))
  expect(long.nextFlush()?.lines.length).toBe(65)
  const wide = bufferOf(200, () => '\u0001'.repeat(8_000))
  expect(wide.nextFlush()?.lines.length).toBe(10)
})

test('the control plane may go back to what it was sent last', () => {
  const buffer = bufferOf(3_000)
  buffer.acknowledge(1_000)
  buffer.acknowledge(2_000)
  buffer.acknowledge(1_400)
  expect(messagesOf(buffer)?.[0]).toBe('line 1400')
  expect(() => buffer.acknowledge(900)).toThrow(RangeError)
  expect(() => buffer.acknowledge(3_001)).toThrow(RangeError)
})

test('it is full when 16 MB or 100,000 lines wait, and has room again when some are sent', () => {
  const buffer = bufferOf(2_200, () => 'x'.repeat(8_000))
  expect(buffer.isFull).toBe(true)
  buffer.acknowledge(1_000)
  expect(buffer.isFull).toBe(false)
  const short = bufferOf(100_000)
  expect(short.isFull).toBe(true)
  short.acknowledge(1)
  expect(short.isFull).toBe(false)
})
