import type { ErrorEvent } from '@sentry/cloudflare'
import { BuildsError } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { scrubEvent, UNSENT } from './scrub-event.ts'

const SECRET = 'planted-3f9a1c'

/** An event with all that the SDK and its integrations could put into one. */
function eventOf(...errors: Error[]): ErrorEvent {
  return {
    type: undefined,
    event_id: 'a'.repeat(32),
    release: 'v7',
    environment: 'production',
    tags: { build_id: 7 },
    message: SECRET,
    transaction: `GET /builds/${SECRET}`,
    request: { url: `https://x.example/?ticket=${SECRET}`, headers: { authorization: SECRET } },
    user: { ip_address: SECRET },
    extra: { sql: SECRET },
    breadcrumbs: [{ message: SECRET }],
    contexts: { trace: { trace_id: 't', span_id: 's' }, app: { app_name: SECRET } },
    server_name: SECRET,
    exception: {
      values: errors.map(({ name, message }) => ({
        type: name,
        value: message,
        mechanism: { type: 'generic', handled: false, data: { secret: SECRET } },
        stacktrace: {
          frames: [
            { filename: 'app.js', function: 'f', lineno: 1, vars: { a: SECRET } },
            { filename: 'app.js', context_line: `const key = '${SECRET}'`, pre_context: [SECRET] },
          ],
        },
      })),
    },
  }
}

const scrub = (error: Error, ...causes: Error[]) =>
  scrubEvent(eventOf(error, ...causes), { originalException: error })

test('keeps which error, where, by which release and for which build, and nothing else', () => {
  const sent = scrub(Object.assign(new RangeError(`bad value ${SECRET}`), { code: '22P02' }))
  expect(sent).toEqual({
    type: undefined,
    event_id: 'a'.repeat(32),
    release: 'v7',
    environment: 'production',
    tags: { build_id: 7, error_code: '22P02' },
    contexts: { trace: { trace_id: 't', span_id: 's' } },
    exception: {
      values: [
        {
          type: 'RangeError',
          value: UNSENT,
          mechanism: { type: 'generic', handled: false },
          stacktrace: {
            frames: [{ filename: 'app.js', function: 'f', lineno: 1 }, { filename: 'app.js' }],
          },
        },
      ],
    },
  })
})

test.each([
  [
    "Cannot read properties of undefined (reading 'planted-3f9a1c')",
    'Cannot read properties of undefined',
  ],
  ['store.builds.find is not a function', 'store.builds.find is not a function'],
  ['Fetch API cannot load: https://user:planted-3f9a1c@host.example/', UNSENT],
  ['invalid input syntax for type uuid: "planted-3f9a1c"', UNSENT],
  ['Unexpected token \'p\', "planted-3f9a1c" is not valid JSON', UNSENT],
  ['planted-3f9a1c', UNSENT],
])('of the message %j is sent %j', (message, sent) => {
  expect(scrub(new TypeError(message))?.exception?.values?.[0]?.value).toBe(sent)
})

test('our own messages are sent, also as the cause of another error', () => {
  const own = new BuildsError('unavailable', 'Hyperdrive is away.')
  const outer = new Error(SECRET, { cause: own })
  const values = scrub(outer, own)?.exception?.values?.map(({ value }) => value)
  expect(values).toEqual([UNSENT, 'Hyperdrive is away.'])
})

test('an answer to a caller, and what another Worker reports, are not sent', () => {
  expect(scrub(new BuildsError('not_found', 'Not found'))).toBeNull()
  expect(scrub(new BuildsError('conflict', 'It runs'))).toBeNull()
  expect(scrub(Object.assign(new Error('x'), { remote: true }))).toBeNull()
  expect(scrub(new BuildsError('unavailable', 'away'))).not.toBeNull()
})

test('a code that is no code is not sent', () => {
  const error = Object.assign(new Error('x'), { code: `key ${SECRET}` })
  expect(JSON.stringify(scrub(error))).not.toContain(SECRET)
})
