import { expect, test } from 'vitest'
import { LogBuffer } from '../output/log-buffer.ts'
import { LogWriter } from '../output/log-writer.ts'
import { Masker } from '../output/masker.ts'
import { test as testRunner } from '../testing/harness.ts'
import { warnOfNpx } from './npx-notice.ts'

const PREFIX = 'npm warn exec The following package was not found and will be installed'

test.each([
  [
    `${PREFIX}: semver@7.8.6`,
    [
      'Warning: npx downloads semver@7.8.6, since semver is not installed here; package.json asks for semver@6.3.0',
    ],
  ],
  [
    `\u001b[33m${PREFIX}: @scope/tool@1.0.0\u001b[39m`,
    ['@scope/tool@1.0.0, since @scope/tool is not installed: add'],
  ],
  [
    'npm WARN exec The following packages were not found and will be installed: a@1.0.0, semver@7.8.6',
    ['a@1.0.0, since', 'semver@7.8.6, since'],
  ],
  ['npm warn exec something else', []],
  [`echo "${PREFIX}: semver@7.8.6"`, []],
])('%s', (line, expected) => {
  const buffer = new LogBuffer()
  const log = new LogWriter({ buffer, masker: new Masker(['downloads']) })
  warnOfNpx(
    { log },
    { line, dependencies: { dependencies: {}, devDependencies: { semver: '6.3.0' } } },
  )
  const warnings = buffer.nextFlush()?.lines.map(([, , message]) => message) ?? []
  expect(warnings).toEqual(expected.map((part) => expect.stringContaining(part)))
})

testRunner(
  'a tool that npx fetches for a deployment is named beside the version that was meant',
  {
    timeout: 120_000,
  },
  async ({ h }) => {
    const manifest = { name: 'x', devDependencies: { semver: '6.3.0' } }
    await h.run(h.repository({ 'package.json': JSON.stringify(manifest) }), {
      variables: { SKIP_DEPENDENCY_INSTALL: '1' },
      deploy_command: 'npx semver 1.2.3',
    })
    const { messages, stopped } = h.controlPlane
    const warning = expect.stringMatching(
      /^Warning: npx downloads semver@7\..*package.json asks for semver@6.3.0/,
    )
    expect(messages).toContainEqual(warning)
    expect(stopped).toMatchObject({ build_outcome: 'success', warnings: [warning] })
    expect(messages).toContain('1.2.3')
  },
)
