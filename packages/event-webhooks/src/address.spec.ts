import { expect, test } from 'vitest'
import { webhookUrlProblem } from './address.ts'

test.each([
  'https://hooks.example/x?y=z',
  'https://hooks.example:8443/',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://localhost.example/',
])('%s may be sent to', (url) => {
  expect(webhookUrlProblem(url, 'public')).toBeNull()
})

test.each([
  'http://hooks.example/',
  'ftp://hooks.example/',
  'file:///etc/passwd',
  'hooks.example',
  '',
  'https://user@hooks.example/',
  'https://user:password@hooks.example/',
  'https://localhost/',
  'https://LOCALHOST./',
  'https://api.localhost/',
  'https://metadata.google.internal/',
  'https://printer.local/',
  'https://postgres/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://0.0.0.0/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://192.0.2.1/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::2]/',
  'https://[::127.0.0.1]/',
  'https://[::7f00:1]/',
  'https://[::a00:1]/',
  'https://[1::1]/',
  'https://[4000::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[fe80::1]/',
  'https://[fd00::1]/',
])('%s may not', (url) => {
  expect(webhookUrlProblem(url, 'public')).toEqual(expect.any(String))
})

test.each(['http://127.0.0.1:8080/', 'https://hooks.example/'])(
  '%s may be sent to on one machine',
  (url) => {
    expect(webhookUrlProblem(url, 'any')).toBeNull()
  },
)

test.each(['ftp://127.0.0.1/', 'http://user@127.0.0.1/', 'x'])(
  '%s may not even on one machine',
  (url) => {
    expect(webhookUrlProblem(url, 'any')).toEqual(expect.any(String))
  },
)
