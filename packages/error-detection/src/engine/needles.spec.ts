import { describe, expect, test } from 'vitest'
import { compileNeedles, createSearchText } from './needles.ts'

/** What is found, as `literal@place`. */
function find(literals: readonly string[], text: string): string[] {
  const bytes = new TextEncoder().encode(text)
  const search = createSearchText(bytes.length)
  search.bytes.set(bytes)
  const found: string[] = []
  compileNeedles(literals).find(search, bytes.length, (id, at) => {
    found.push(`${literals[id]}@${at}`)
  })
  return found.sort()
}

/** The same, by trying every literal at every place. */
function findSlowly(literals: readonly string[], text: string): string[] {
  const bytes = Buffer.from(text)
  const found: string[] = []
  for (const literal of literals) {
    for (let at = bytes.indexOf(literal); at !== -1; at = bytes.indexOf(literal, at + 1)) {
      found.push(`${literal}@${at}`)
    }
  }
  return found.sort()
}

describe('every literal is found', () => {
  const literals = ['Killed!', '✘ [ERROR]', 'a message that is rather long', 'message', 'essage th']

  test('wherever it begins', () => {
    for (let padding = 0; padding < 20; padding++) {
      const text = `${'.'.repeat(padding)}${literals.join('|')}`
      expect(find(literals, text)).toEqual(findSlowly(literals, text))
    }
  })

  test('at the very end, and not past it', () => {
    expect(find(literals, 'it was Killed!')).toEqual(['Killed!@7'])
    expect(find(literals, 'it was Killed')).toEqual([])
  })

  test('and nothing else, in random text of few letters', () => {
    let state = 3
    const random = () => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
      return state / 4_294_967_296
    }
    const word = (length: number) =>
      Array.from({ length }, () => 'abé'[Math.floor(random() * 3)]).join('')
    for (let round = 0; round < 40; round++) {
      const some = Array.from({ length: 30 }, () => word(7 + Math.floor(random() * 14)))
      const text = `${word(2_000)}${some.join('')}${word(500)}`
      const distinct = [...new Set(some)]
      expect(find(distinct, text)).toEqual(findSlowly(distinct, text))
    }
  })
})

test('a literal that is too short is refused, by name', () => {
  expect(() => compileNeedles(['short'])).toThrow('"short" is too short')
})
