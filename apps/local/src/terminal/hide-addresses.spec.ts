import { expect, test } from 'vitest'
import { hideAddresses } from './hide-addresses.ts'

const UUID = '6ad0d4c8-59a1-4f7e-9f43-ce9ec2a4a5d5'

test.each([
  [
    `[wrangler:info] POST /client/v4/workers/builds/deploy_hooks/${UUID} 200 OK (12ms)`,
    '[wrangler:info] POST /client/v4/workers/builds/deploy_hooks/*** 200 OK (12ms)',
  ],
  [
    `GET /client/v4/accounts/a/builds/workers/shop/deploy_hooks/${UUID}?x=1 404`,
    'GET /client/v4/accounts/a/builds/workers/shop/deploy_hooks/***?x=1 404',
  ],
  [
    "url: 'ws://127.0.0.1/builds/b/logs/live?cursor=&ticket=v1.key.sealed_-x&z=1',",
    "url: 'ws://127.0.0.1/builds/b/logs/live?cursor=&ticket=***&z=1',",
  ],
  [`build ${UUID} is queued`, `build ${UUID} is queued`],
  ['GET /builds/workers/shop/deploy_hooks 200 OK', 'GET /builds/workers/shop/deploy_hooks 200 OK'],
])('%s', (line, shown) => {
  expect(hideAddresses(line)).toBe(shown)
})
