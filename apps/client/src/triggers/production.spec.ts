import { expect, test } from 'vitest'
import { splitTriggers } from './production.ts'

test.each([
  { triggers: [['main'], ['*']], production: [['main']] },
  { triggers: [['*'], ['main', 'next']], production: [['main', 'next']] },
  { triggers: [['main'], ['preview/*']], production: [['main']] },
  { triggers: [['release/*'], ['*']], production: [['release/*']] },
  { triggers: [['preview/*']], production: [['preview/*']] },
  { triggers: [['*']], production: [] },
  { triggers: [[]], production: [[]] },
])('of $triggers, $production deploy to production', ({ triggers, production }) => {
  const split = splitTriggers(triggers.map((branch_includes) => ({ branch_includes })))
  expect(split.production.map((trigger) => trigger.branch_includes)).toEqual(production)
  expect(split.others).toHaveLength(triggers.length - production.length)
})
