import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isMember, readProject } from './project.ts'

let repository: string

beforeEach(() => {
  repository = realpathSync(mkdtempSync(join(tmpdir(), 'project-')))
})

afterEach(() => rmSync(repository, { recursive: true }))

async function project(files: Record<string, unknown>, root = '') {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true })
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    writeFileSync(join(repository, path), text)
  }
  const found = await readProject({ repository, folder: join(repository, root) })
  if (found === undefined) return undefined
  const { installFolder, ...others } = found
  return { ...others, installFolder: installFolder.slice(repository.length) }
}

describe('what there is to install', () => {
  test('is nothing without a package.json, whatever the parents have', async () => {
    expect(await project({ 'package.json': {}, 'docs/index.html': '' }, 'docs')).toBeUndefined()
  })

  test('is a member’s workspace, by the lockfile that only its root has', async () => {
    const files = {
      'package.json': { workspaces: ['apps/*'], packageManager: 'yarn@4.9.1' },
      'yarn.lock': '__metadata:\n',
      'apps/web/package.json': {},
    }
    expect(await project(files, 'apps/web')).toEqual({
      packageManager: 'yarn',
      version: '4.9.1',
      lockfile: 'yarn.lock',
      isYarnClassicLockfile: false,
      installFolder: '',
    })
  })

  test('is a pnpm workspace too, also one level further up', async () => {
    const files = {
      'package.json': {},
      'pnpm-workspace.yaml': 'packages:\n  - "apps/**"\n  - "!apps/old/**"\n',
      'pnpm-lock.yaml': '',
      'apps/web/site/package.json': {},
      'apps/old/site/package.json': {},
    }
    const expected = { packageManager: 'pnpm', installFolder: '' }
    expect(await project(files, 'apps/web/site')).toMatchObject(expected)
    const old = { packageManager: 'npm', installFolder: '/apps/old/site' }
    expect(await project(files, 'apps/old/site')).toMatchObject(old)
  })

  test('is the folder alone when it has a lockfile of its own, or is no member', async () => {
    const files = {
      'package.json': { workspaces: { packages: ['packages/*'] } },
      'pnpm-lock.yaml': '',
      'examples/a/package.json': {},
      'packages/b/package.json': {},
      'packages/b/bun.lockb': '',
    }
    const example = { packageManager: 'npm', lockfile: null, installFolder: '/examples/a' }
    expect(await project(files, 'examples/a')).toMatchObject(example)
    const member = { packageManager: 'bun', lockfile: 'bun.lockb', installFolder: '/packages/b' }
    expect(await project(files, 'packages/b')).toMatchObject(member)
  })

  test('tells the two generations of Yarn lockfiles apart', async () => {
    const classic = { 'package.json': {}, 'yarn.lock': '# yarn lockfile v1\n' }
    expect(await project(classic)).toMatchObject({ isYarnClassicLockfile: true })
    expect(await project({ 'yarn.lock': '__metadata:\n' })).toMatchObject({
      isYarnClassicLockfile: false,
    })
  })

  test('stays the package manager’s to judge when a manifest makes no sense', async () => {
    const npm = { packageManager: 'npm', lockfile: 'package-lock.json' }
    expect(await project({ 'package.json': 'no JSON', 'package-lock.json': '' })).toMatchObject(npm)
    expect(await project({ 'package.json': [] })).toMatchObject(npm)
    expect(await project({ 'package.json': { workspaces: 7 } })).toMatchObject(npm)
  })
})

test.each([
  ['packages/a', ['packages/*'], true],
  ['packages/a', ['./packages/*/'], true],
  ['packages/a', ['packages/a'], true],
  ['packages/a/b', ['packages/*'], false],
  ['packages/a/b', ['packages/**'], true],
  ['packages/a', ['packages/*', '!packages/a'], false],
  ['packages/a', [], false],
])('%s is a member of %j: %s', (path, globs, expected) => {
  expect(isMember(path, globs)).toBe(expected)
})
