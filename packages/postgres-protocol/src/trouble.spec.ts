/** The codes of Postgres itself are tested on a real one, in `packages/store/src/trouble.spec.ts`. */
import { expect, test } from 'vitest'
import { troubleOf } from './trouble.ts'

test.each(['CONNECT_TIMEOUT', 'CONNECTION_DESTROYED', 'ECONNRESET'])('%s', (code) => {
  expect(troubleOf(Object.assign(new Error(), { code }))).toBe('away')
})

test.each([
  undefined,
  'ECONNREFUSED',
  new Error('no code'),
  Object.assign(new Error('of something else'), { code: 'EPIPE' }),
  Object.assign(new Error('of something else'), { code: 57014 }),
])('%o is no trouble with Postgres', (error) => {
  expect(troubleOf(error)).toBeUndefined()
})
