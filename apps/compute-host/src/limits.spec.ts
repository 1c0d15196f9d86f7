import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { MEBIBYTE } from '@workers-builds/build-limits'
import type { BuildSpec } from '@workers-builds/contracts'
import { describe, expect } from 'vitest'
import { canSeparateUsers } from './build-uids.ts'
import { ControlGroups } from './control-groups.ts'
import { type Harness, test } from './testing/harness.ts'

/** Whether control groups can be made here. */
const hasGroups = canSeparateUsers() && (await canMakeGroups())

async function canMakeGroups(): Promise<boolean> {
  try {
    for (const controller of ['memory', 'pids'] as const) {
      const groups = await ControlGroups.open({ controller, buildsDir: '/tried-by-a-test' })
      await groups.close()
    }
    return true
  } catch {
    return false
  }
}

/** Runs a build that has to fail; answers with its log. */
async function fail(h: Harness, spec: BuildSpec): Promise<string[]> {
  await h.start(spec)
  await h.untilExited(spec)
  expect(h.controlPlane.stopped(spec)).toMatchObject({
    build_outcome: 'fail',
    failure_reason: 'build_command_failed',
  })
  return h.controlPlane.messages(spec)
}

const MB = 'Buffer.alloc(2 ** 20, 1)'
const PROGRAMS: Record<string, string> = {
  /** Takes memory until it is ended, in one process. */
  'hog.cjs': `const all = []; for (;;) all.push(${MB})`,
  /** The same in many. */
  'hogs.sh': 'for i in 1 2 3 4 5 6; do node hog-a-little.cjs & done; wait -n',
  'hog-a-little.cjs': `const all = []; for (let i = 0; i < 90; i++) all.push(${MB}); setTimeout(() => {}, 1e8)`,
  'files.cjs': `const fs = require('fs'); for (;;) fs.openSync('files.cjs')`,
}

describe.runIf(hasGroups)(
  'a build is ended, and its log names the limit, when it takes too much',
  () => {
    const limits = { memoryBytes: 400 * MEBIBYTE, processes: 100 }

    test.for([
      ['memory in one process', 'node hog.cjs'],
      ['memory in several processes', 'bash hogs.sh; kill $(jobs -p); exit 1'],
      ['shared memory and that of a process', 'cat /dev/zero > /dev/shm/all; node hog.cjs'],
    ])('%s', async ([, build_command = ''], { h }) => {
      await h.startHost({ limits })
      const log = await fail(h, h.spec({ build_command }, PROGRAMS))
      expect(log.slice(-2)).toEqual([
        'Memory limit reached: a build may use 400 MB; a process of it was ended because they needed more.',
        'Failed: error occurred while running build command',
      ])
    })

    test('shared memory alone cannot take it all', async ({ h }) => {
      await h.startHost({ limits })
      const log = await fail(
        h,
        h.spec({ build_command: 'ipcmk -M 90M; ipcmk -M 90M; cat /dev/zero > /dev/shm/all' }),
      )
      expect(log.filter((line) => line.startsWith('Shared memory id'))).toHaveLength(1)
      expect(log.filter((line) => line.includes('No space left on device'))).toHaveLength(2)
    })

    test('processes', async ({ h }) => {
      await h.startHost({ limits })
      const fork = 'for i in $(seq 200); do sleep 300 & done; exit 1'
      const log = await fail(h, h.spec({ build_command: fork }))
      expect(log.slice(-2)).toEqual([
        'Process limit reached: a build may have 100 processes and threads at a time; it could not start another one.',
        'Failed: error occurred while running build command',
      ])
    })

    test('and what is left of the kernel’s accounts goes with it', async ({ h }) => {
      const host = await h.startHost({ limits })
      expect(host.isolation).toContain('400 MB of memory, 100 processes and threads')
      const spec = h.spec({ build_command: 'cat /proc/self/cgroup' })
      await h.start(spec)
      await h.untilExited(spec)
      const groups = h.controlPlane.messages(spec).flatMap((line) => {
        const [, controllers, path] =
          /^\d+:(memory|pids|):(\/.*workers-builds-.*)$/.exec(line) ?? []
        return path === undefined ? [] : [join('/sys/fs/cgroup', controllers ?? '', path)]
      })
      expect(groups.length).toBeGreaterThan(0)
      expect(groups.filter((folder) => existsSync(folder))).toEqual([])
      expect(h.logLines).toEqual([])
    })
  },
)

describe.runIf(process.platform === 'linux')('a build’s log names the limit of', () => {
  test.for([
    [
      'the size of a file',
      'head -c 30M /dev/zero > large',
      'File size limit reached: a file of a build may have 20 MB.',
    ],
    [
      'open files',
      'node files.cjs',
      'Open file limit reached: a process of a build may have 200 files open at a time.',
    ],
  ])('%s', async ([, build_command = '', sentence], { h }) => {
    await h.startHost({ limits: { diskBytes: 20 * MEBIBYTE, openFiles: 200 } })
    const log = await fail(h, h.spec({ build_command }, PROGRAMS))
    expect(log.slice(-2)).toEqual([sentence, 'Failed: error occurred while running build command'])
  })
})

test('a build that fills the disk is ended, wherever it writes, and its log names the limit', async ({
  h,
}) => {
  await h.startHost({ limits: { diskBytes: 20 * MEBIBYTE }, diskCheckMs: 50 })
  const folders = canSeparateUsers() ? '~ $TMPDIR /tmp /var/tmp' : '~ $TMPDIR'
  const spec = h.spec({
    build_command: `
      (env -i setsid sleep 300 &)
      for folder in ${folders}; do for i in 1 2 3; do head -c 4M /dev/zero > $folder/part-$i; done; done
      chmod 0 ~; echo written; sleep 300`,
  })
  const log = await fail(h, spec)
  expect(log.slice(-2)).toEqual([
    'Disk limit reached: the files of a build may take 20 MB; its processes were ended because they took more.',
    'Failed: error occurred while running build command',
  ])
  expect(readdirSync(join(h.folder, 'builds'))).toEqual(['runner'])
})
