import { expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

function split(pieces: string[], maxLength = 100): string[] {
  const lines: string[] = []
  const onLine = ({ text, dropped }: { text: string; dropped: number }) =>
    lines.push(dropped === 0 ? text : `${text}+${dropped}`)
  const splitter = new LineSplitter({ maxLength, onLine })
  for (const piece of pieces) splitter.push(piece)
  splitter.end()
  return lines
}

test.each([
  ['whole lines', ['a\nb\n'], ['a', 'b']],
  ['lines in pieces', ['a', 'b\nc', '\n'], ['ab', 'c']],
  ['a last line without a line break', ['a\nb'], ['a', 'b']],
  ['blank lines', ['a\n\n\nb\n'], ['a', '', '', 'b']],
  ['nothing at all', [], []],
  ['line ends of Windows', ['a\r\nb\r\n'], ['a', 'b']],
  ['line ends of Windows in pieces', ['a\r', '\nb\r', '\n'], ['a', 'b']],
  ['a doubled carriage return', ['a\r\r\n'], ['a']],
  ['progress that overwrites itself', ['10%\r20%\r', '100%\ndone\n'], ['100%', 'done']],
  ['progress that ends without a line break', ['10%\r20%'], ['20%']],
  ['colours', ['\u001b[31mred\u001b[0m\n'], ['\u001b[31mred\u001b[0m']],
])('%s', (_, pieces, expected) => {
  expect(split(pieces)).toEqual(expected)
})

test('of a long line the beginning is kept, and how much more there was', () => {
  expect(split(['123456', '789', '0\nnext\n'], 5)).toEqual(['12345+5', 'next'])
  expect(split(['123456\rab\n'], 5)).toEqual(['ab'])
})
