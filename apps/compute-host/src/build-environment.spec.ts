import { expect, test } from 'vitest'
import { buildEnvironment } from './build-environment.ts'

const environmentOf = (host: Record<string, string>) =>
  buildEnvironment({
    host,
    extra: { GIVEN: 'by the operator' },
    home: '/builds/1/home',
    temporaryFolder: '/builds/1/tmp',
    node: '/opt/node/bin/node',
  })

test('a build gets what the machine needs, and nothing else of the host', () => {
  expect(
    environmentOf({
      PATH: '/repo/node_modules/.bin:/usr/bin',
      HOME: '/root',
      LANG: 'C.UTF-8',
      LC_ALL: 'C',
      HTTPS_PROXY: 'http://proxy.example',
      no_proxy: 'localhost',
      NODE_EXTRA_CA_CERTS: '/etc/ca.crt',
      npm_config_registry: 'https://packages.example/',
      'npm_config_//packages.example/:_authToken': 'secret',
      DATABASE_URL: 'postgres://secret',
      NODE_OPTIONS: '--require=/repo/hook.js',
      AWS_SECRET_ACCESS_KEY: 'secret',
      GIT_ASKPASS: '/root/askpass',
      CLOUDFLARE_API_TOKEN: 'secret',
    }),
  ).toEqual({
    PATH: '/opt/node/bin:/usr/bin',
    HOME: '/builds/1/home',
    TMPDIR: '/builds/1/tmp',
    LANG: 'C.UTF-8',
    LC_ALL: 'C',
    HTTPS_PROXY: 'http://proxy.example',
    no_proxy: 'localhost',
    NODE_EXTRA_CA_CERTS: '/etc/ca.crt',
    npm_config_registry: 'https://packages.example/',
    GIVEN: 'by the operator',
  })
})
