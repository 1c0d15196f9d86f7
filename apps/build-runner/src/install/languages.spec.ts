import { describe, expect } from 'vitest'
import { test } from '../testing/harness.ts'
import { isProvided, parseVersion } from './languages.ts'

test.for([
  ['Python 3.13.3\n', '3.13.3'],
  ['ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]', '3.1.2'],
  ['go version go1.24.3 linux/amd64', '1.24.3'],
  ['hugo v0.147.7-189453612e4bef62a6a0e8ab8d9e2f4d+extended linux/amd64', '0.147.7'],
  ['', null],
] as const)('"%s" shows the version %s', ([text, version]) => {
  expect(parseVersion(text)).toBe(version)
})

test.for([
  ['3.13.3', '3.13.3', true],
  ['3.13', '3.13.3', true],
  ['3', '3.13.3', true],
  ['python-3.13.3', '3.13.3', true],
  ['extended_0.147.7', '0.147.7', true],
  ['3.11.4', '3.13.3', false],
  ['1.24', '1.23', false],
  ['3.13.3', null, false],
  ['pypy3.9-7.3.9', '3.13.3', false],
] as const)('%s, where %s is there, is provided: %s', ([asked, present, expected]) => {
  expect(isProvided({ asked, present })).toBe(expected)
})

describe('a version that a build asks for and does not get', () => {
  test('stands in the log with what is there instead', async ({ h }) => {
    const repository = h.repository({ '.python-version': '# ours\n2.5.6\n' })
    await h.run(repository, { build_command: 'true', variables: { HUGO_VERSION: '0.1.2' } })
    const { messages, stopped } = h.controlPlane
    expect(stopped).toMatchObject({ build_outcome: 'success' })
    const instead = /(?:there is no \w+|the build runs with \w+ [\d.]+)$/
    const [python, hugo] = messages.filter((message) => message.includes('is not provided here'))
    expect(python).toMatch(/^python 2\.5\.6 \(\.python-version\) /)
    expect(hugo).toMatch(/^hugo 0\.1\.2 \(HUGO_VERSION\) /)
    expect([python, hugo]).toEqual([expect.stringMatching(instead), expect.stringMatching(instead)])
  })

  test('is not spoken of when it asks for none', async ({ h }) => {
    await h.run(h.repository({ 'README.md': '' }), { build_command: 'true' })
    expect(h.controlPlane.messages.join('\n')).not.toContain('is not provided')
  })
})
