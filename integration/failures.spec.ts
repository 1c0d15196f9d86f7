/**
 * Every way in which a build fails, on the real parts; and cancelling it, at every stage. The tests
 * run side by side, each with an account of its own.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { startComputeHost } from '@workers-builds/compute-host'
import type { Build } from '@workers-builds/contracts'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { listProcesses, workingBelow, workingFolderOf } from '@workers-builds/process-tree'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGate } from './support/gate.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { useStack } from './support/test-stack.ts'

type Gate = Awaited<ReturnType<typeof startGate>>

let buildsDir: string
/** Before the Git host, the compute host, and the control plane as runners see it. */
let git: Gate
let compute: Gate
let callbacks: Gate

const stack = useStack('failures', async () => {
  ;[git, compute, callbacks] = await Promise.all([startGate(), startGate(), startGate()])
  return {
    callbackUrl: callbacks.url,
    gitUrl: git.url,
    // Still longer than a healthy build is silent on a machine that has much to do.
    patience: {
      healthCheckMs: 1_000,
      missingGraceMs: 5_000,
      createMs: 5_000,
      firstReportMs: 20_000,
      heartbeatSeconds: 1,
      missedHeartbeats: 20,
    },
    // A runner that was kept waiting works in a folder without its build's name to be found by.
    warmRunners: 0,
    startHost: async (options) => {
      const host = await startComputeHost({ ...options, killGraceMs: 2_000 })
      buildsDir = options.buildsDir
      compute.setTarget(host.url)
      return { ...host, url: compute.url }
    },
  }
})

beforeAll(async () => {
  callbacks.setTarget(stack.url)
  const { git_host_url } = JSON.parse(await readFile(join(stack.dir, 'stack.json'), 'utf8'))
  git.setTarget(git_host_url)
})

afterAll(async () => {
  for (const gate of [git, compute, callbacks]) await gate?.close()
})

/** The build of a push with these scripts. */
async function pushScripts(
  tenant: Tenant,
  scripts: Record<string, string>,
  manifest: object = {},
): Promise<string> {
  return (await tenant.pushScripts(scripts, { manifest })).build_uuid
}

/** Like `pushScripts`; the build begins when `prepare` is done with it, and not before. */
async function pushPrepared(
  tenant: Tenant,
  scripts: Record<string, string>,
  prepare: (build_uuid: string) => void,
): Promise<string> {
  return await stack.sql.begin(async (sql) => {
    // Whoever claims builds leaves out those of an account that is locked.
    await sql`select from accounts where account_id = ${tenant.account_id} for no key update`
    const build_uuid = await pushScripts(tenant, scripts)
    prepare(build_uuid)
    return build_uuid
  })
}

type Expected = {
  build_outcome?: Build['build_outcome']
  failure_reason: Build['failure_reason']
  last_line: string | RegExp
  error_code: string
  cause?: string
}

/** Waits for the end of a build, and holds all that is shown of it against what is expected. */
async function expectFailure(
  { api }: Tenant,
  build_uuid: string,
  expected: Expected,
): Promise<void> {
  const { build_outcome = 'fail', failure_reason, last_line, error_code, cause } = expected
  const build = await waitFor(
    `build ${build_uuid} to stop`,
    async () => {
      const found = await api.getBuild(build_uuid)
      return found.status === 'stopped' && found
    },
    { timeoutMs: 170_000 },
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
}

/** A runner that hangs gets a grace before it is killed. */
const untilGone = (build_uuid: string) =>
  waitFor('its processes to end', async () => processesOf(build_uuid).length === 0)

const processesOf = (build_uuid: string) =>
  workingBelow(join(buildsDir, build_uuid))(listProcesses())

/** The runner of a build: the one process that the host, which is in this process, started. */
async function runnerOf(build_uuid: string): Promise<number> {
  return await waitFor('the runner', async () => {
    const children = listProcesses().filter(({ ppid }) => ppid === process.pid)
    const isIts = (home = '') => basename(dirname(home)) === build_uuid
    return children.find((child) => isIts(workingFolderOf(child)))?.pid
  })
}

const untilLogged = ({ api }: Tenant, build_uuid: string, line: string) =>
  waitFor(`"${line}"`, async () => (await api.readLog(build_uuid)).includes(line))

const FETCHING = 'Failed: error occurred while fetching repository'
const INSTALLING = 'Failed: error occurred while installing tools or dependencies'

const UNSTARTED = {
  failure_reason: 'initialization_failed',
  last_line: /^Failed: the build environment could not be started/,
  error_code: 'initialization_failed',
} as const
const UNHEALTHY = {
  build_outcome: 'terminated',
  failure_reason: 'health_check_failed',
  last_line: /^Failed: the build environment stopped answering/,
  error_code: 'health_check_failed',
} as const

describe.concurrent('the system', () => {
  test('ends builds whose runner hangs, is cut off or never reports, and not a silent one', async () => {
    const tenant = await createTenant(stack)
    const goOn = join(stack.dir, `go-${tenant.script_name}`)
    const [hanging, cutOff, silent] = await Promise.all([
      pushScripts(tenant, { build: 'echo up; sleep 600' }),
      pushScripts(tenant, { build: 'echo up; sleep 600' }),
      pushScripts(tenant, {
        build: `echo up; until test -e ${goOn}; do sleep 0.2; done`,
        deploy: 'true',
      }),
    ])
    for (const build_uuid of [hanging, cutOff, silent]) await untilLogged(tenant, build_uuid, 'up')
    process.kill(await runnerOf(hanging), 'SIGSTOP')
    callbacks.interfere(cutOff, () => 'break')
    const mute = await pushPrepared(tenant, { build: 'echo never' }, (build_uuid) =>
      callbacks.interfere(build_uuid, () => 'break'),
    )
    await Promise.all([
      expectFailure(tenant, hanging, UNHEALTHY),
      expectFailure(tenant, cutOff, UNHEALTHY),
      expectFailure(tenant, mute, UNSTARTED),
    ])
    // The silent one has written nothing for as long as it took to end the others for that.
    await writeFile(goOn, '')
    expect(await tenant.api.waitUntil(silent, 'stopped')).toMatchObject({
      build_outcome: 'success',
    })
  })

  test('ends a build whose runner is killed', async () => {
    const tenant = await createTenant(stack)
    const build_uuid = await pushScripts(tenant, {
      build: 'echo up; setsid sleep 600 & sleep 600',
    })
    await untilLogged(tenant, build_uuid, 'up')
    process.kill(await runnerOf(build_uuid), 'SIGKILL')
    await expectFailure(tenant, build_uuid, UNHEALTHY)
  })

  test('fails to initialise a build that the compute cannot start', async () => {
    const tenant = await createTenant(stack)
    const build_uuid = await pushPrepared(tenant, { build: 'echo never' }, (uuid) =>
      compute.interfere(uuid, ({ method }) => (method === 'PUT' ? { answer: 503 } : undefined)),
    )
    await expectFailure(tenant, build_uuid, UNSTARTED)
  })

  test("times out a build that outlives its account's limit", async () => {
    const tenant = await createTenant(stack)
    await stack.sql`
      update accounts set build_timeout_seconds = 8 where account_id = ${tenant.account_id}`
    await expectFailure(tenant, await pushScripts(tenant, { build: 'sleep 600' }), {
      build_outcome: 'terminated',
      failure_reason: 'timed_out',
      last_line: 'Build was timed out',
      error_code: 'build_timed_out',
    })
  })

  test('says that a build token was revoked, and runs nothing', async () => {
    const tenant = await createTenant(stack)
    await stack.sql`
      update build_tokens set deleted_on = now() where account_id = ${tenant.account_id}`
    await expectFailure(tenant, await pushScripts(tenant, { build: 'echo never' }), {
      failure_reason: 'build_token_invalid',
      last_line: /^Failed: The build token selected for this build has been deleted or rolled/,
      error_code: 'build_token_invalid',
    })
  })

  test('skips builds of a deleted Worker, and runs or scans nothing of them', async () => {
    const tenant = await createTenant(stack)
    const { account_id, api } = tenant
    // So that the second build still waits when the Worker is deleted.
    await stack.sql`
      update accounts set max_concurrent_builds = 1 where account_id = ${account_id}`
    const first = await pushScripts(tenant, { build: 'sleep 600' })
    const second = await pushScripts(tenant, { build: 'echo never' })
    await stack.sql`update workers set deleted_on = now() where account_id = ${account_id}`
    expect(await api.waitUntil(second, 'stopped')).toMatchObject({
      build_outcome: 'skipped',
      skip_reason: 'worker_deleted',
      initializing_on: null,
    })
    await api.cancel(first)
    expect((await api.getErrors(second)).scan).toBeNull()
  })
})

describe.concurrent('a clone fails', () => {
  test('when the repository is unknown', async () => {
    const tenant = await createTenant(stack)
    git.interfere(tenant.repo, ({ url = '' }) => ({ path: url.replace(tenant.repo, 'no-such') }))
    await expectFailure(tenant, await pushScripts(tenant, { build: 'true' }), {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
    })
  })

  test('when the credential was revoked', async () => {
    const tenant = await createTenant(stack)
    const authorization = `Basic ${btoa('x-access-token:revoked')}`
    git.interfere(tenant.repo, ({ headers }) => (headers.authorization ? { authorization } : {}))
    await expectFailure(tenant, await pushScripts(tenant, { build: 'true' }), {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
      cause: 'git_auth_failed',
    })
  })

  test('when the credential may not read it', async () => {
    const tenant = await createTenant(stack)
    git.interfere(tenant.repo, () => ({ answer: 403 }))
    await expectFailure(tenant, await pushScripts(tenant, { build: 'true' }), {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
      cause: 'git_auth_failed',
    })
  })

  test('when the commit is gone', async () => {
    const tenant = await createTenant(stack)
    // Pushed, and then replaced by a force-push while the build waited.
    const like = await pushScripts(tenant, { build: 'true', deploy: 'true' })
    const [row] = await stack.sql<{ build_uuid: string }[]>`
      insert into builds (account_id, script_tag, trigger_uuid, build_trigger_source, branch,
        commit_hash, commit_message, author, settings)
      select account_id, script_tag, trigger_uuid, 'manual', 'gone', ${'1'.repeat(40)}, 'gone',
        author, settings from builds where build_uuid = ${like}
      returning build_uuid`
    await expectFailure(tenant, row?.build_uuid ?? '', {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
      cause: 'git_ref_not_found',
    })
  })
})

describe.concurrent('an install fails', () => {
  test('of a tool', async () => {
    const tenant = await createTenant(stack)
    const packageManager = 'pnpm@10.99999.0'
    const build_uuid = await pushScripts(tenant, { build: 'true' }, { packageManager })
    await expectFailure(tenant, build_uuid, {
      failure_reason: 'install_failed',
      last_line: INSTALLING,
      error_code: 'build_error',
      cause: 'tool_version_not_found',
    })
  })

  test('of the dependencies', async () => {
    const tenant = await createTenant(stack)
    const { build_uuid } = await tenant.push({
      'package.json': { name: 'project', dependencies: { 'is-number': '7.0.0' } },
      'package-lock.json': { name: 'project', lockfileVersion: 3, packages: {} },
    })
    await expectFailure(tenant, build_uuid, {
      failure_reason: 'install_failed',
      last_line: INSTALLING,
      error_code: 'npm_error',
      cause: 'lockfile_out_of_sync',
    })
  })
})

describe.concurrent('a command fails', () => {
  test.each([
    ['build', 'build_command_failed'],
    ['deploy', 'deploy_command_failed'],
  ] as const)('the %s command', async (kind, failure_reason) => {
    const tenant = await createTenant(stack)
    const scripts = { build: 'true', deploy: 'true', [kind]: 'node ./missing.js' }
    await expectFailure(tenant, await pushScripts(tenant, scripts), {
      failure_reason,
      last_line: `Failed: error occurred while running ${kind} command`,
      error_code: 'node_error',
      cause: 'module_not_found',
    })
  })
})

describe.concurrent('a build is cancelled with all that it started', () => {
  const DAEMONS = '(env -i setsid sleep 600 &); setsid sleep 600 & echo up; sleep 600'
  const stages: Record<string, (tenant: Tenant) => Promise<string>> = {
    'while its container is asked for': async (tenant) => {
      const build_uuid = await pushPrepared(tenant, { build: 'echo never' }, (uuid) =>
        compute.interfere(uuid, ({ method }) => (method === 'PUT' ? 'hold' : undefined)),
      )
      await tenant.api.waitUntil(build_uuid, 'initializing')
      return build_uuid
    },
    'while it clones': async (tenant) => {
      git.interfere(tenant.repo, ({ url = '' }) =>
        url.includes('git-upload-pack') ? 'hold' : undefined,
      )
      const build_uuid = await pushScripts(tenant, { build: 'echo never' })
      await untilLogged(tenant, build_uuid, 'Cloning repository...')
      return build_uuid
    },
    'while it installs': async (tenant) => {
      const build_uuid = await pushScripts(tenant, { preinstall: DAEMONS })
      await untilLogged(tenant, build_uuid, 'Installing project dependencies: npm install')
      await waitFor('the install', async () => processesOf(build_uuid).length > 4)
      return build_uuid
    },
    'while it builds': async (tenant) => {
      const build_uuid = await pushScripts(tenant, { build: DAEMONS })
      await untilLogged(tenant, build_uuid, 'up')
      return build_uuid
    },
    'while it deploys': async (tenant) => {
      const build_uuid = await pushScripts(tenant, { build: 'true', deploy: DAEMONS })
      await untilLogged(tenant, build_uuid, 'up')
      return build_uuid
    },
  }

  test.each(Object.entries(stages))('%s', async (_, reach) => {
    const tenant = await createTenant(stack)
    const { api } = tenant
    const build_uuid = await reach(tenant)
    expect(await api.cancel(build_uuid)).toMatchObject({ build_outcome: 'cancelled' })
    expect((await api.readLog(build_uuid)).at(-1)).toBe('Build was cancelled')
    git.open(tenant.repo)
    compute.open(build_uuid)
    await untilGone(build_uuid)
    expect(await api.getBuild(build_uuid)).toMatchObject({ build_outcome: 'cancelled' })
    expect((await api.getErrors(build_uuid)).scan).toBeNull()
  })
})
