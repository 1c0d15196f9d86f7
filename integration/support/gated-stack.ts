/** A system with a gate before each part that builds depend on, and what is looked for in its builds. */
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startComputeHost } from '@workers-builds/compute-host'
import type { Build } from '@workers-builds/contracts'
import type { StackOptions } from '@workers-builds/local/stack'
import { createTemporaryFolder, type TemporaryFolder } from '@workers-builds/local-platform/folders'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { listProcesses, workingBelow } from '@workers-builds/process-tree'
import { afterAll, beforeAll, expect } from 'vitest'
import { startGate } from './gate.ts'
import { type Runner, runnersOf } from './runners.ts'
import { createTenant, type Tenant } from './tenant.ts'
import { type TestStack, useStack } from './test-stack.ts'

type Gate = Awaited<ReturnType<typeof startGate>>

export type ExpectedFailure = {
  build_outcome?: Build['build_outcome']
  failure_reason: Build['failure_reason']
  last_line: string | RegExp
  error_code: string
  cause?: string
}

/** A busy machine runs several of these builds at once, and each look takes from them. */
const LOOKS = { timeoutMs: 170_000, pauseMs: 300 }

export type GatedStack = ReturnType<typeof useGatedStack>

/** Where the builds of a gated system run, and what tests do with them there. */
export interface BuildSite {
  options(): Promise<Partial<StackOptions>>
  /** Lets requests for this build's machine wait from now on. */
  holdCreate(build_uuid: string): Promise<void> | void
  /** Lets them go on. */
  openCreate(build_uuid: string): Promise<void> | void
  countProcesses(build_uuid: string): Promise<number>
  close(): Promise<void>
}

/**
 * Starts it for the tests of one file, with these of build-management's waits. Its builds run as
 * processes of a compute host, of which `gates.compute` is before, unless another site is given.
 */
export function useGatedStack(
  name: string,
  patience: StackOptions['patience'] = {},
  siteOf?: (stack: TestStack) => BuildSite,
) {
  const gates = {} as Record<'git' | 'compute' | 'callbacks', Gate>
  const stack = useStack(name, async () => {
    const [git, compute, callbacks] = await Promise.all([startGate(), startGate(), startGate()])
    Object.assign(gates, { git, compute, callbacks })
    signals = await createTemporaryFolder('signals')
    await chmod(signals.path, 0o755)
    const options = await site.options()
    return { callbackUrl: callbacks.url, gitUrl: git.url, patience, ...options }
  })
  let buildsDir: string
  let signals: TemporaryFolder
  const processesOf = (build_uuid: string) =>
    workingBelow(join(buildsDir, build_uuid))(listProcesses())
  const host: BuildSite = {
    options: async () => ({
      // A runner that was kept waiting works in a folder without its build's name to be found by.
      warmRunners: 0,
      readablePaths: [signals.path],
      startHost: async (options) => {
        const host = await startComputeHost({ ...options, killGraceMs: 2_000, niceness: 0 })
        buildsDir = options.buildsDir
        gates.compute.setTarget(host.url)
        return { ...host, url: gates.compute.url }
      },
    }),
    holdCreate: (build_uuid) =>
      gates.compute.interfere(build_uuid, ({ method }) => (method === 'PUT' ? 'hold' : undefined)),
    openCreate: (build_uuid) => gates.compute.open(build_uuid),
    countProcesses: async (build_uuid) => processesOf(build_uuid).length,
    close: async () => {},
  }
  const site = siteOf?.(stack) ?? host

  beforeAll(async () => {
    gates.callbacks.setTarget(stack.url)
    const { git_host_url } = JSON.parse(await readFile(join(stack.dir, 'stack.json'), 'utf8'))
    gates.git.setTarget(git_host_url)
  })

  afterAll(async () => {
    for (const gate of Object.values(gates)) await gate.close()
    await site.close()
    await signals?.remove()
  })

  /** The build of a push with these scripts, and with a `package.json` if it is to install something. */
  async function pushScripts(
    tenant: Tenant,
    { build = '', deploy = '' }: { build?: string; deploy?: string },
    manifest?: object,
  ): Promise<string> {
    const files = { 'build.sh': build, 'deploy.sh': deploy }
    const push = await tenant.push(manifest ? { ...files, 'package.json': manifest } : files)
    return push.build_uuid
  }

  /** A runner that hangs gets a grace before it is killed. */
  const untilGone = (build_uuid: string) =>
    waitFor('its end', async () => (await site.countProcesses(build_uuid)) === 0, LOOKS)

  return {
    stack,
    /** Before the Git host, the compute host, and the control plane as runners see it. */
    gates,
    // npm would take half of the processor that these builds need.
    createTenant: () =>
      createTenant(stack, { build_command: 'sh build.sh', deploy_command: 'sh deploy.sh' }),
    site,
    pushScripts,
    countProcesses: (build_uuid: string) => site.countProcesses(build_uuid),
    untilGone,

    /** Like `pushScripts`; the build begins when `prepare` is done with it, and not before. */
    async pushPrepared(
      tenant: Tenant,
      scripts: { build?: string; deploy?: string },
      prepare: (build_uuid: string) => Promise<void> | void,
    ): Promise<string> {
      return await stack.sql.begin(async (sql) => {
        // Whoever claims builds leaves out those of an account that is locked.
        await sql`select from accounts where account_id = ${tenant.account_id} for no key update`
        const build_uuid = await pushScripts(tenant, scripts)
        await prepare(build_uuid)
        return build_uuid
      })
    },

    /** The runner of a build, which the host, that is in this process, started. */
    async runnerOf(build_uuid: string): Promise<number> {
      const isIts = (runner: Runner) => runner.build_uuid === build_uuid
      return await waitFor('the runner', async () => runnersOf(process.pid).find(isIts)?.pid)
    },

    /** A file that builds can read, and tests can make. */
    signalFile: () => join(signals.path, crypto.randomUUID()),

    untilLogged: ({ api }: Tenant, build_uuid: string, line: string) =>
      waitFor(`"${line}"`, async () => (await api.readLog(build_uuid)).includes(line), LOOKS),

    /** Waits for the end of a build, and holds all that is shown of it against what is expected. */
    async expectFailure(
      { api }: Tenant,
      build_uuid: string,
      expected: ExpectedFailure,
    ): Promise<void> {
      const { build_outcome = 'fail', failure_reason, last_line, error_code, cause } = expected
      const build = await waitFor(
        `build ${build_uuid} to stop`,
        async () => {
          const found = await api.getBuild(build_uuid)
          return found.status === 'stopped' && found
        },
        LOOKS,
      )
      const log = await api.readLog(build_uuid)
      expect(build, log.join('\n')).toMatchObject({ build_outcome, failure_reason })
      expect(log.at(-1)).toMatch(last_line)
      const { scan, errors } = await api.waitForScan(build_uuid)
      expect(scan).toMatchObject({ outcome: 'detected', lines_read: log.length })
      expect(errors[0]).toMatchObject({ error_code, ...(cause !== undefined && { cause }) })
      const scans = await stack.sql`
        select from build_error_scans join builds using (build_id) where build_uuid = ${build_uuid}`
      expect(scans).toHaveLength(1)
      await untilGone(build_uuid)
    },
  }
}
