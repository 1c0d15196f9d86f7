import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildSpec } from '@workers-builds/contracts'
import { describe, expect } from 'vitest'
import { canSeparateUsers } from './build-uids.ts'
import { type Harness, test } from './testing/harness.ts'

const INTEGRITY =
  'sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng=='
const DEPENDENCIES = { astro: 'file:astro', 'is-number': '7.0.0' }

/** One package of the registry, and a framework by its name. */
const PROJECT = {
  'package.json': JSON.stringify({ name: 'f', version: '1.0.0', dependencies: DEPENDENCIES }),
  'package-lock.json': JSON.stringify({
    name: 'f',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'f', version: '1.0.0', dependencies: DEPENDENCIES },
      astro: { version: '1.0.0' },
      'node_modules/astro': { resolved: 'astro', link: true },
      'node_modules/is-number': {
        version: '7.0.0',
        integrity: INTEGRITY,
      },
    },
  }),
  'astro/package.json': JSON.stringify({ name: 'astro', version: '1.0.0' }),
}
const OUTPUT = 'node_modules/.astro'
const BUILD = `cat ${OUTPUT}/marker || echo no marker; mkdir -p ${OUTPUT}; echo marked > ${OUTPUT}/marker`
const OFFLINE = { npm_config_offline: { value: 'true', is_secret: false } }
const RESTORED = [
  'Success: Dependencies restored from build cache.',
  'Success: Build output restored from build cache.',
]

async function build(h: Harness, changes: Partial<BuildSpec>): Promise<string[]> {
  const spec = h.spec({ build_command: BUILD, ...changes }, PROJECT)
  await h.start(spec)
  await h.untilExited(spec)
  const stopped = h.controlPlane.stopped(spec)
  const outcome = stopped?.status === 'stopped' && (stopped.failure_reason ?? 'success')
  return [...h.controlPlane.messages(spec), `outcome ${outcome}`]
}

const keyOf = (name: string) => ({ cache: { key: name } })

describe('a build whose trigger caches', () => {
  test('takes from the build before it what that downloaded and built, and nobody else does', async ({
    h,
  }) => {
    await h.startHost()
    const first = await build(h, keyOf('one.0'))
    expect(first).toEqual(
      expect.arrayContaining([
        'Restoring from dependencies cache',
        'Restoring from build output cache',
        'no marker',
        'Success: Build output uploaded to build cache.',
        'Success: Dependencies uploaded to build cache.',
        'outcome success',
      ]),
    )
    expect(first.filter((line) => RESTORED.includes(line))).toEqual([])

    const second = await build(h, {
      ...keyOf('one.0'),
      environment_variables: OFFLINE,
      build_command: `${BUILD}; stat -c 'owner %u' ${OUTPUT}/marker ~/.npm; echo "user $(id -u)"`,
    })
    expect(second).toEqual(expect.arrayContaining([...RESTORED, 'marked', 'outcome success']))
    const user = second.find((line) => line.startsWith('user '))?.slice('user '.length)
    expect(second.filter((line) => line === `owner ${user}`)).toHaveLength(2)

    // Purged, another trigger's, and not cached: none of them finds anything, so none can install.
    for (const other of [keyOf('one.1'), keyOf('two.0'), { cache: null }]) {
      const log = await build(h, { ...other, environment_variables: OFFLINE })
      expect(log.filter((line) => RESTORED.includes(line))).toEqual([])
      expect(log.at(-1)).toBe('outcome install_failed')
    }
    expect(h.logLines.filter((line) => /cache/.test(line))).toEqual([])
  })

  test('saves nothing when it fails, whatever it puts where the runner saves', async ({ h }) => {
    await h.startHost()
    const plant = 'cd ~/../cache/save && echo planted > dependencies-npm.tar.zst && ls'
    const log = await build(h, { ...keyOf('one.0'), build_command: `${plant}; exit 1` })
    expect(log).toEqual(
      expect.arrayContaining(['dependencies-npm.tar.zst', 'outcome build_command_failed']),
    )
    expect(readdirSync(join(h.folder, 'builds-cache'))).toEqual([])
  })

  test('says so when there is nothing to cache, and what it planted itself is not kept', async ({
    h,
  }) => {
    await h.startHost()
    const plant = 'echo planted > ~/../cache/save/dependencies-npm.tar.zst'
    const spec = h.spec({ ...keyOf('one.0'), build_command: plant })
    await h.start(spec)
    await h.untilExited(spec)
    expect(h.controlPlane.stopped(spec)).toMatchObject({ build_outcome: 'success' })
    expect(h.controlPlane.messages(spec)).toEqual(
      expect.arrayContaining([
        'No build output detected to cache. Skipping.',
        'No dependencies detected to cache. Skipping.',
      ]),
    )
    expect(readdirSync(join(h.folder, 'builds-cache'))).toEqual([])
  })

  test('goes on without what is broken, and replaces it', async ({ h }) => {
    await h.startHost()
    await build(h, keyOf('one.0'))
    const [folder = ''] = readdirSync(join(h.folder, 'builds-cache'))
    const archive = join(h.folder, 'builds-cache', folder, 'dependencies-npm.tar.zst')
    const good = statSync(archive).size
    writeFileSync(archive, 'not an archive')
    const log = await build(h, keyOf('one.0'))
    expect(log).toEqual(
      expect.arrayContaining([
        'Failed to restore dependencies from build cache. Skipping.',
        'Success: Build output restored from build cache.',
        'outcome success',
      ]),
    )
    expect(statSync(archive).size).toBeGreaterThan(good / 2)
  })

  test('shares its cache with builds at the same time, and each of them succeeds', async ({
    h,
  }) => {
    await h.startHost()
    await build(h, keyOf('one.0'))
    const logs = await Promise.all([1, 2, 3].map(() => build(h, keyOf('one.0'))))
    for (const log of logs) {
      expect(log).toEqual(expect.arrayContaining([...RESTORED, 'outcome success']))
    }
    const [folder = ''] = readdirSync(join(h.folder, 'builds-cache'))
    expect(readdirSync(join(h.folder, 'builds-cache', folder))).toEqual([
      'dependencies-npm.tar.zst',
      'output-astro.tar.zst',
    ])
  })

  test.runIf(canSeparateUsers())(
    'reaches neither the caches of others, nor its own but to read it',
    async ({ h }) => {
      mkdirSync(join(h.folder, 'builds-cache'))
      await h.startHost()
      await build(h, keyOf('one.0'))
      const log = await build(h, {
        ...keyOf('one.0'),
        build_command: `
          ls ${join(h.folder, 'builds-cache')}
          cd ~/../cache/restore && ls
          echo poison >> output-astro.tar.zst
          rm -f output-astro.tar.zst
          mv ~/../cache/save ~/../cache/other
          mv ~ ~/../elsewhere
          true`,
      })
      expect(log).toEqual(expect.arrayContaining(['output-astro.tar.zst', 'outcome success']))
      const refused = /Permission denied|No such file/
      expect(log.filter((line) => refused.test(line))).toHaveLength(5)
    },
  )
})
