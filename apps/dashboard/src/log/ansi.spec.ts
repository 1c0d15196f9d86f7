import { describe, expect, test } from 'vitest'
import { pieces, plain } from './ansi.ts'

describe('a line', () => {
  test.for([
    ['plain', 'plain'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['a \x1b[31mred\x1b[0m word', 'a red word'],
    ['\x1b[2J\x1b[1;1Hscreen', 'screen'],
    ['\x1b]8;;https://evil.example\x07link\x1b]8;;\x07', 'link'],
    ['\x1b]0;title\x1b\\rest', 'rest'],
    ['\x1b]52;c;aGk=', ''],
    ['\x1bPq#0\x1b\\sixel', 'sixel'],
    ['bell\x07 back\x08space \x9b31m', 'bell backspace 31m'],
    ['user\u202egpj.exe', 'usergpj.exe'],
    ['\x1b', ''],
    ['tab\tstays', 'tab\tstays'],
  ] as const)('%j is read as %j', ([line, text]) => {
    expect(plain(line)).toBe(text)
    expect(
      pieces(line)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
  })

  test('keeps its colours, by name', () => {
    expect(pieces('\x1b[1;31mbad\x1b[0m ok')).toEqual([
      { text: 'bad', className: 'ansi-red ansi-bold' },
      { text: ' ok', className: '' },
    ])
  })

  test('has classes of ours alone, whatever its sequences say', () => {
    const hostile = '\x1b[38;5;300mA\x1b[38;2;1;2;3mB\x1b[48;2;9;9;9mC\x1b[999mD'
    for (const { className } of pieces(hostile))
      expect(className).toMatch(/^(?:(?:on-)?ansi[a-z-]*)?$/)
  })
})
