import { expect, test } from 'vitest'
import { detect } from '../detector.ts'
import { regroup } from './regroup.ts'

const notFound = detect(['sh: 1: vite: not found'])
const killed = detect(['Killed'])
const nothing = detect(['all is well'])

test('logs that moved are counted by where they came from and went to', () => {
  const { moves, ...sums } = regroup([
    { before: notFound, after: notFound },
    { before: nothing, after: killed },
    { before: nothing, after: killed },
    { before: killed, after: nothing },
    { before: killed, after: notFound },
  ])
  expect(sums).toEqual({ logs: 5, unchanged: 1, gained: 2, lost: 1 })
  expect(moves[0]).toEqual({
    from: 'no_match',
    to: 'shell_error · process_killed · Killed',
    logs: 2,
  })
  expect(moves).toHaveLength(3)
})
