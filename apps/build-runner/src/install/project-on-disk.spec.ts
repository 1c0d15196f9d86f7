import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CASES } from '@workers-builds/package-managers/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readProjectOnDisk } from './project-on-disk.ts'

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
  const found = await readProjectOnDisk({ repository, folder: join(repository, root) })
  if (found === undefined) return undefined
  const { installFolder, ...others } = found
  return { ...others, installFolder: installFolder.slice(repository.length + 1) }
}

describe('what there is to install, by files on disk', () => {
  test.each(CASES)('$name', async ({ files, folder, expected }) => {
    const found = await project(files, folder)
    if (expected === undefined) expect(found).toBeUndefined()
    else expect(found).toMatchObject(expected)
  })

  test('stays the package manager’s to judge when a manifest makes no sense', async () => {
    const npm = { packageManager: 'npm', lockfile: 'package-lock.json' }
    expect(await project({ 'package.json': 'no JSON', 'package-lock.json': '' })).toMatchObject(npm)
    expect(await project({ 'package.json': [] })).toMatchObject(npm)
    expect(await project({ 'package.json': { workspaces: 7 } })).toMatchObject(npm)
  })
})

describe('a package.json', () => {
  test('may be a link to a file', async () => {
    writeFileSync(join(repository, 'shared.json'), '{"packageManager":"bun@1.2.15"}')
    symlinkSync('shared.json', join(repository, 'package.json'))
    expect(await project({})).toMatchObject({ packageManager: 'bun' })
  })

  test('that is a device without end, or a file without, is not read', async () => {
    symlinkSync('/dev/zero', join(repository, 'package.json'))
    await expect(project({})).rejects.toThrow('package.json is not a regular file')
    rmSync(join(repository, 'package.json'))
    await expect(project({ 'package.json': ' '.repeat(1024 * 1024 + 1) })).rejects.toThrow(
      'package.json is larger than 1048576 bytes',
    )
  })
})
