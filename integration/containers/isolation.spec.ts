/** What a hostile build reaches that runs in a container: docs/isolation.md. */
import { hostAddress } from '@workers-builds/local/stack'
import { describe, expect, test } from 'vitest'
import { type ContainerSite, containerSite, noContainers } from '../support/container-site.ts'
import { type GatedStack, useGatedStack } from '../support/gated-stack.ts'
import { describeHostileBuilds } from '../support/hostile-build.ts'

/** Takes memory until it is ended. */
const HOG = 'const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 1))'
const BUILDING = 'Failed: error occurred while running build command'

const missing = noContainers()
if (missing === undefined) {
  let site = {} as ContainerSite
  const gated = useGatedStack('isolation', {}, (stack) => {
    site = containerSite(stack)
    return site
  })
  describeHostileBuilds(gated, {
    reachable: [],
    machine: async () => {
      const { engine } = gated.stack.containers ?? {}
      return engine === undefined ? [] : [(await hostAddress(engine)).name]
    },
  })
  describe.concurrent('a build that takes too much is ended, and its log names the limit', () => {
    describeLimits(gated, () => site)
  })
} else test.skip(`what builds reach in containers: ${missing}`, () => {})

function describeLimits(
  { createTenant, untilLogged, untilGone }: GatedStack,
  site: () => ContainerSite,
) {
  async function fails(script: string, prepare?: (container: string) => Promise<unknown>) {
    const tenant = await createTenant()
    const command = prepare
      ? `echo up; until test -e /tmp/go; do sleep 0.1; done; ${script}`
      : script
    const { build_uuid } = await tenant.push({
      'build.sh': command,
      'deploy.sh': 'true',
      'hog.cjs': HOG,
    })
    if (prepare !== undefined) {
      await untilLogged(tenant, build_uuid, 'up')
      const container = await site().nameOf(build_uuid)
      await prepare(container)
      await site().docker('exec', container, 'touch', '/tmp/go')
    }
    const build = await tenant.api.waitUntil(build_uuid, 'stopped')
    const log = await tenant.api.readLog(build_uuid)
    expect(build, log.join('\n')).toMatchObject({ failure_reason: 'build_command_failed' })
    const { errors } = await tenant.api.waitForScan(build_uuid)
    await untilGone(build_uuid)
    return { end: log.slice(-2), cause: errors[0]?.cause }
  }

  test('memory', async () => {
    // The engine keeps containers to the size of their instance; less is reached sooner.
    const failure = await fails('node hog.cjs', async (container) => {
      const memory = await site().docker('inspect', container, '--format={{.HostConfig.Memory}}')
      expect(Number(memory)).toBe(4096 * 2 ** 20)
      await site().docker('update', '--memory=300m', '--memory-swap=300m', container)
    })
    expect(failure).toEqual({
      end: [
        'Memory limit reached: a build may use 4096 MB; a process of it was ended because they needed more.',
        BUILDING,
      ],
      cause: 'memory_limit_exceeded',
    })
  })

  const ENDS = {
    'a command that is killed': {
      script: 'kill -9 $$',
      says: 'Exit code 137: the command was killed, as one is that needs more memory than there is; a build may use 4096 MB.',
      cause: 'process_killed',
    },
    processes: {
      script: 'mkfifo wait; for i in $(seq 4200); do (read x <wait) & done; exit 1',
      says: 'Process limit reached: a build may have 4096 processes and threads at a time; it could not start another one.',
      cause: 'process_limit_reached',
    },
    disk: {
      script: 'fallocate -l 8500M large; echo written; sleep 600',
      says: 'Disk limit reached: the files of a build may take 8 GB; its processes were ended because they took more.',
      cause: 'disk_full',
    },
    'a file system that is full': {
      script: 'cat /dev/zero >/dev/shm/large',
      says: 'Disk full: a file system of this machine has no room left; its disk has 8 GB, of which the image takes a part.',
      cause: 'disk_full',
    },
  }
  test.each(Object.entries(ENDS))('%s', async (_, { script, says, cause }) => {
    expect(await fails(script)).toEqual({ end: [says, BUILDING], cause })
  })
}
