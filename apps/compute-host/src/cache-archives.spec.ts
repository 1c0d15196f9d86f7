import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type BuildFolder, makeBuildFolder } from './build-folder.ts'
import { CacheArchives } from './cache-archives.ts'

const DAY_MS = 24 * 60 * 60_000
const [NPM, ASTRO, NEXT] = [
  'dependencies-npm.tar.zst',
  'output-astro.tar.zst',
  'output-next.tar.zst',
] as const

function setUp(maxBytes?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'build-cache-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const clock = { now: Date.now() }
  const logLines: string[] = []
  const path = join(folder, 'cache')
  const cache = new CacheArchives({
    path,
    log: (line) => logLines.push(line),
    now: () => clock.now,
    ...(maxBytes !== undefined && { maxBytes }),
  })
  const newBuild = () => makeBuildFolder(join(folder, crypto.randomUUID()), undefined)
  const save = async (key: string, files: Record<string, string>) => {
    const build = await newBuild()
    for (const [name, text] of Object.entries(files)) writeFileSync(join(build.save, name), text)
    await cache.save(key, build)
  }
  const lent = async (key: string): Promise<BuildFolder & { files: string[] }> => {
    const build = await newBuild()
    await cache.restore(key, build)
    return { ...build, files: readdirSync(build.restore) }
  }
  return { folder, path, clock, logLines, cache, newBuild, save, lent }
}

test('what a build saved is lent under its key alone, and to the end as it was at the start', async () => {
  const { path, cache, save, lent, logLines } = setUp()
  await cache.removeExpired()
  expect(statSync(path).mode & 0o777).toBe(0o700)
  await save('a.0', { [NPM]: 'old', 'other.tar.zst': 'not an archive of ours' })
  const reader = await lent('a.0')
  expect(reader.files).toEqual([NPM])
  await save('a.0', { [NPM]: 'new' })
  expect(readFileSync(join(reader.restore, NPM), 'utf8')).toBe('old')
  const later = await lent('a.0')
  expect(readFileSync(join(later.restore, NPM), 'utf8')).toBe('new')
  for (const key of ['a.1', 'b.0', '../a.0']) expect((await lent(key)).files).toEqual([])
  expect(logLines).toEqual([])
})

test('what is kept under some keys is deleted, that of others stays, and a reader reads on', async () => {
  const { cache, save, lent } = setUp()
  for (const key of ['a.0', 'a.1', 'b.0']) await save(key, { [NPM]: key })
  const reader = await lent('a.0')
  for (let times = 0; times < 2; times++) await cache.delete(['a.0', 'a.1', 'never-there.0'])
  expect(readFileSync(join(reader.restore, NPM), 'utf8')).toBe('a.0')
  expect((await lent('a.0')).files).toEqual([])
  expect((await lent('a.1')).files).toEqual([])
  expect((await lent('b.0')).files).toEqual([NPM])
})

test('what nobody read for seven days is gone; reading it keeps it', async () => {
  const { clock, cache, path, save, lent } = setUp()
  await save('a.0', { [NPM]: 'x' })
  clock.now += 6 * DAY_MS
  expect((await lent('a.0')).files).toEqual([NPM])
  clock.now += 6 * DAY_MS
  await cache.removeExpired()
  expect((await lent('a.0')).files).toEqual([NPM])
  clock.now += 7 * DAY_MS + 1_000
  expect((await lent('a.0')).files).toEqual([])
  await cache.removeExpired()
  expect(readdirSync(path)).toEqual([])
})

test('over its limit a key loses what was read longest ago; one too large is not kept', async () => {
  const { clock, save, lent, logLines } = setUp(10)
  await save('a.0', { [NPM]: '1234' })
  clock.now += 1_000
  await save('a.0', { [ASTRO]: '1234' })
  clock.now += 1_000
  await save('b.0', { [ASTRO]: '1234567890' })
  await save('a.0', { [NEXT]: '1234' })
  expect((await lent('a.0')).files).toEqual([ASTRO, NEXT])
  expect((await lent('b.0')).files).toEqual([ASTRO])
  await save('b.0', { [ASTRO]: '12345678901' })
  expect(logLines).toEqual([expect.stringContaining('has 11 bytes')])
})

test('a link in the place of an archive is not taken, and what it leads to stays as it is', async () => {
  const { folder, cache, newBuild, lent, logLines } = setUp()
  const secret = join(folder, 'secret')
  writeFileSync(secret, 'of somebody else')
  chmodSync(secret, 0o600)
  for (const plant of [symlinkSync, linkSync]) {
    const build = await newBuild()
    plant(secret, join(build.save, NPM))
    await cache.save('a.0', build)
  }
  const build = await newBuild()
  mkdirSync(join(build.save, NPM))
  await cache.save('a.0', build)
  expect(logLines).toHaveLength(3)
  expect(logLines.join()).toContain('is no file of the build’s own')
  expect((await lent('a.0')).files).toEqual([])
  expect(existsSync(secret) && statSync(secret).mode & 0o777).toBe(0o600)
})
