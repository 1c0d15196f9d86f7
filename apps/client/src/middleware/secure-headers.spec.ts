import { expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

test.each(['/health', '/client/v4/accounts/x/builds/tokens', '/no-such-path'])(
  'the answer of %s has security headers and is stored nowhere',
  async (path) => {
    const { headers } = await client.fetch(path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'cache-control': 'no-store',
    })
  },
)
