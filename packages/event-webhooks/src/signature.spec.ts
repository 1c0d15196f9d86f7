import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createSecret, signedHeaders } from './signature.ts'

const sign = (secret: string, body: string, now = new Date()) =>
  signedHeaders({ id: 'msg_1', now, body, secret })

test('what is signed verifies, and nothing else does', () => {
  const secret = createSecret()
  const headers = sign(secret, '{"a":"ü"}')
  expect(new Webhook(secret).verify('{"a":"ü"}', headers)).toEqual({ a: 'ü' })
  expect(() => new Webhook(secret).verify('{"a":"u"}', headers)).toThrow()
  expect(() => new Webhook(createSecret()).verify('{"a":"ü"}', headers)).toThrow()
})

test('the signature is the HMAC-SHA256 of id, time and body', () => {
  const key = Buffer.alloc(32, 7)
  const secret = `whsec_${key.toString('base64')}`
  const expected = createHmac('sha256', key).update('msg_1.1700000000.{}').digest('base64')
  expect(sign(secret, '{}', new Date(1_700_000_000_900))).toEqual({
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1700000000',
    'webhook-signature': `v1,${expected}`,
  })
})

test('no two secrets are the same', () => {
  const secrets = new Set(Array.from({ length: 100 }, createSecret))
  expect(secrets.size).toBe(100)
})
