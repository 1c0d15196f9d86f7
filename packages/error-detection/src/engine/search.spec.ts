import { expect, test } from 'vitest'
import { knowledgeBase } from '../knowledge.ts'
import { searchBlocks } from './search.ts'

const blocksOf = (messages: string[]) => searchBlocks(knowledgeBase(), messages)
const hitsOf = (...messages: string[]) => blocksOf(messages)[0]?.get(messages.length - 1)

test.each([
  ['beside a message of one byte a character', 'one'],
  ['beside a message of more', '✔ één'],
  ['beside a message of two lines', 'one\ntwo'],
])('a line is searched without its colours, %s', (_, other) => {
  const hits = hitsOf(other, 'Could not resolve "./a"')
  expect(hits?.size).toBeGreaterThan(0)
  expect(hitsOf(other, 'Could not \u001b[2mresolve\u001b[0m "./a"')).toEqual(hits)
})

test('what is found is found in its own line', () => {
  const failed = 'Could not resolve "./a"'
  for (const other of ['one', '✔ één', 'one\ntwo']) {
    const [hits] = blocksOf([other, failed, other, failed, other])
    expect([...(hits?.keys() ?? [])], other).toEqual([1, 3])
  }
})
