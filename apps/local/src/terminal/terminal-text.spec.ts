import { describe, expect, test } from 'vitest'
import { colouredText, plainText } from './terminal-text.ts'

const ESC = '\u001b'

/** What a hostile build writes between `a` and `b`. */
const COMMANDS = {
  'clipboard (OSC 52)': `${ESC}]52;c;cm0gLXJmIH4=\u0007`,
  'title (OSC 0)': `${ESC}]0;owned${ESC}\\`,
  'link (OSC 8)': `${ESC}]8;;https://evil.example${ESC}\\`,
  'clear screen': `${ESC}[2J${ESC}[H`,
  'device attributes': `${ESC}[c${ESC}[>c`,
  'status query': `${ESC}[6n`,
  'DCS query': `${ESC}P+q544e${ESC}\\`,
  'alternate screen': `${ESC}[?1049h`,
  'C1 sequence': '\u009b2J',
  'C1 string': '\u009d0;owned\u009c',
  'bidi override': '\u202e\u2066\u2069\u200f',
  'cursor up': `${ESC}[1A${ESC}[2K`,
  'full reset': `${ESC}c`,
  'character set': `${ESC}(0`,
  backspace: '\b\b\b',
  bell: '\u0007',
  NUL: '\0',
}

describe('text of a build for the terminal', () => {
  test.each(Object.entries(COMMANDS))('drops: %s', (_, command) => {
    expect(colouredText(`a${command}b`)).toBe('ab')
    expect(plainText(`a${command}b`)).toBe('ab')
  })

  test('drops a string that is never closed', () => {
    expect(colouredText(`a${ESC}]0;to the end of the line`)).toBe('a')
  })

  test('joins nothing to a command by dropping another', () => {
    expect(colouredText(`${ESC}${ESC}]0;x\u0007]52;c;eA==\u0007`)).not.toContain(ESC)
  })

  test('keeps colours, and ends them with the line', () => {
    const red = `${ESC}[1;31m✘${ESC}[38:2::255:0:0m red`
    expect(colouredText(red)).toBe(`${red}${ESC}[0m`)
    expect(plainText(red)).toBe('✘ red')
  })

  test('keeps tabs and letters of every script', () => {
    const text = 'a\tb é 漢字 مرحبا 👩‍💻'
    expect(colouredText(text)).toBe(text)
  })

  test.each(['\n', '\r', '\u0085', '\u2028'])('makes a space of the line break %j', (end) => {
    expect(colouredText(`name${end}   0.0 s  forged`)).toBe('name    0.0 s  forged')
  })
})
