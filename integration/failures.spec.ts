/** Every way in which a build fails, on the real parts; and cancelling it, at every stage. */

import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { startComputeHost } from '@workers-builds/compute-host'
import type { Build } from '@workers-builds/contracts'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { listProcesses, workingBelow, workingFolderOf } from '@workers-builds/process-tree'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startGate } from './support/gate.ts'
import { createProject } from './support/git-project.ts'
import { TEST_PROJECT } from './support/test-project.ts'
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
    // A runner that was kept waiting works in a folder without its build's name to be found by.
    warmRunners: 0,
    startHost: async (options) => {
      const host = await startComputeHost(options)
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
  await stack.sql`update accounts set max_concurrent_builds = 20`
})

afterEach(() => {
  for (const gate of [git, compute, callbacks]) gate.open()
})

afterAll(async () => {
  for (const gate of [git, compute, callbacks]) await gate?.close()
})

/** Pushes a project; answers its build. */
async function push(files: Record<string, string | object>): Promise<string> {
  const project = await createProject({ branch: `b-${crypto.randomUUID()}`, files })
  const commit = await project.push(stack.git_remote)
  await project.remove()
  return (await stack.api.findBuild(commit)).build_uuid
}

const pushScripts = (scripts: Record<string, string>, manifest: object = {}) =>
  push({ 'package.json': { name: 'project', private: true, scripts, ...manifest } })

type Expected = {
  build_outcome?: Build['build_outcome']
  failure_reason: Build['failure_reason']
  last_line: string | RegExp
  error_code: string
  cause?: string
}

/** Waits for the end of a build, and holds all that is told of it against what is expected. */
async function expectFailure(build_uuid: string, expected: Expected): Promise<void> {
  const { build_outcome = 'fail', failure_reason, last_line, error_code, cause } = expected
  const build = await waitFor(
    `build ${build_uuid} to stop`,
    async () => {
      const found = await stack.api.getBuild(build_uuid)
      return found.status === 'stopped' && found
    },
    { timeoutMs: 170_000 },
  )
  const log = await stack.api.readLog(build_uuid)
  expect(build, log.join('\n')).toMatchObject({ build_outcome, failure_reason })
  expect(log.at(-1)).toMatch(last_line)
  const { scan, errors } = await stack.api.waitForScan(build_uuid)
  expect(scan).toMatchObject({ outcome: 'detected', lines_read: log.length })
  expect(errors[0]).toMatchObject({ error_code, ...(cause !== undefined && { cause }) })
  const scans = await stack.sql`
    select from build_error_scans join builds using (build_id) where build_uuid = ${build_uuid}`
  expect(scans).toHaveLength(1)
  await untilGone(build_uuid)
}

/** A runner that hangs is given five seconds before it is killed. */
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

const untilLogged = (build_uuid: string, line: string) =>
  waitFor(`"${line}"`, async () => (await stack.api.readLog(build_uuid)).includes(line))

const FETCHING = 'Failed: error occurred while fetching repository'
const INSTALLING = 'Failed: error occurred while installing tools or dependencies'

describe('a clone fails', () => {
  test('when the repository is unknown', async () => {
    git.interfere = ({ url = '' }) => ({ path: url.replace(TEST_PROJECT.repo, 'no-such') })
    await expectFailure(await pushScripts({ build: 'true' }), {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
    })
  })

  test('when the credential was revoked', async () => {
    const authorization = `Basic ${btoa('x-access-token:revoked')}`
    git.interfere = ({ headers }) => (headers.authorization ? { authorization } : {})
    await expectFailure(await pushScripts({ build: 'true' }), {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
      cause: 'git_auth_failed',
    })
  })

  test('when the credential may not read it', async () => {
    git.interfere = () => ({ answer: 403 })
    await expectFailure(await pushScripts({ build: 'true' }), {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
      cause: 'git_auth_failed',
    })
  })

  test('when the commit is gone', async () => {
    // Pushed, and then replaced by a force-push while the build waited.
    const like = await pushScripts({ build: 'true', deploy: 'true' })
    const [row] = await stack.sql<{ build_uuid: string }[]>`
      insert into builds (account_id, script_tag, trigger_uuid, build_trigger_source, branch,
        commit_hash, commit_message, author, settings)
      select account_id, script_tag, trigger_uuid, 'manual', 'gone', ${'1'.repeat(40)}, 'gone',
        author, settings from builds where build_uuid = ${like}
      returning build_uuid`
    await expectFailure(row?.build_uuid ?? '', {
      failure_reason: 'clone_failed',
      last_line: FETCHING,
      error_code: 'git_error',
      cause: 'git_ref_not_found',
    })
  })
})

describe('an install fails', () => {
  test('of a tool', async () => {
    const packageManager = 'pnpm@10.99999.0'
    await expectFailure(await pushScripts({ build: 'true' }, { packageManager }), {
      failure_reason: 'install_failed',
      last_line: INSTALLING,
      error_code: 'build_error',
      cause: 'tool_version_not_found',
    })
  })

  test('of the dependencies', async () => {
    const build_uuid = await push({
      'package.json': { name: 'project', dependencies: { 'is-number': '7.0.0' } },
      'package-lock.json': { name: 'project', lockfileVersion: 3, packages: {} },
    })
    await expectFailure(build_uuid, {
      failure_reason: 'install_failed',
      last_line: INSTALLING,
      error_code: 'npm_error',
      cause: 'lockfile_out_of_sync',
    })
  })
})

describe('a command fails', () => {
  test.each([
    ['build', 'build_command_failed'],
    ['deploy', 'deploy_command_failed'],
  ] as const)('the %s command', async (kind, failure_reason) => {
    const scripts = { build: 'true', deploy: 'true', [kind]: 'node ./missing.js' }
    await expectFailure(await pushScripts(scripts), {
      failure_reason,
      last_line: `Failed: error occurred while running ${kind} command`,
      error_code: 'node_error',
      cause: 'module_not_found',
    })
  })
})

test("a build that outlives its account's limit is timed out", async () => {
  const limit = (seconds: number) =>
    stack.sql`update accounts set build_timeout_seconds = ${seconds}`
  await limit(12)
  try {
    await expectFailure(await pushScripts({ build: 'sleep 600' }), {
      build_outcome: 'terminated',
      failure_reason: 'timed_out',
      last_line: 'Build was timed out',
      error_code: 'build_timed_out',
    })
  } finally {
    await limit(1_200)
  }
})

test('a build whose token was revoked says so, and runs nothing', async () => {
  const set = (deleted_on: Date | null) =>
    stack.sql`update build_tokens set deleted_on = ${deleted_on}`
  await set(new Date())
  try {
    await expectFailure(await pushScripts({ build: 'echo never' }), {
      failure_reason: 'build_token_invalid',
      last_line: /^Failed: The build token selected for this build has been deleted or rolled/,
      error_code: 'build_token_invalid',
    })
  } finally {
    await set(null)
  }
})

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

test('a build that the compute cannot start fails to initialise', async () => {
  compute.interfere = ({ method }) => (method === 'PUT' ? { answer: 503 } : undefined)
  await expectFailure(await pushScripts({ build: 'echo never' }), UNSTARTED)
})

test('a build whose runner is killed is ended', async () => {
  const build_uuid = await pushScripts({ build: 'echo up; setsid sleep 600 & sleep 600' })
  await untilLogged(build_uuid, 'up')
  process.kill(await runnerOf(build_uuid), 'SIGKILL')
  await expectFailure(build_uuid, UNHEALTHY)
})

test('builds whose runner hangs, is cut off or never reports are ended; a silent one is not', async () => {
  const [hanging, cutOff, silent] = await Promise.all([
    pushScripts({ build: 'echo up; sleep 600' }),
    pushScripts({ build: 'echo up; sleep 600' }),
    pushScripts({ build: 'echo up; sleep 100', deploy: 'true' }),
  ])
  for (const build_uuid of [hanging, cutOff, silent]) await untilLogged(build_uuid, 'up')
  process.kill(await runnerOf(hanging), 'SIGSTOP')
  // Of the builds from now on none is let through either.
  callbacks.interfere = ({ url = '' }) =>
    url.includes(silent) || url.includes(hanging) ? undefined : 'break'
  const mute = await pushScripts({ build: 'echo never' })
  await Promise.all([
    expectFailure(hanging, UNHEALTHY),
    expectFailure(cutOff, UNHEALTHY),
    expectFailure(mute, UNSTARTED),
  ])
  const isOver = async () => (await stack.api.getBuild(silent)).build_outcome ?? false
  expect(await waitFor('the silent build', isOver, { timeoutMs: 150_000 })).toBe('success')
}, 400_000)

test('builds of a deleted Worker are skipped, and nothing of them is run or scanned', async () => {
  // So that the build still waits when the Worker is deleted.
  await stack.sql`update accounts set max_concurrent_builds = 1`
  const [first, second] = [
    await pushScripts({ build: 'sleep 600' }),
    await pushScripts({ build: 'echo never' }),
  ]
  const set = (deleted_on: Date | null) => stack.sql`update workers set deleted_on = ${deleted_on}`
  try {
    await set(new Date())
    expect(await stack.api.waitUntil(second, 'stopped')).toMatchObject({
      build_outcome: 'skipped',
      skip_reason: 'worker_deleted',
      initializing_on: null,
    })
  } finally {
    await set(null)
    await stack.sql`update accounts set max_concurrent_builds = 20`
    await stack.api.cancel(first)
  }
  expect((await stack.api.getErrors(second)).scan).toBeNull()
})

describe('a build is cancelled with all that it started', () => {
  const DAEMONS = '(env -i setsid sleep 600 &); setsid sleep 600 & echo up; sleep 600'
  const stages: Record<string, () => Promise<string>> = {
    'while its container is asked for': async () => {
      compute.interfere = ({ method }) => (method === 'PUT' ? 'hold' : undefined)
      const build_uuid = await pushScripts({ build: 'echo never' })
      await stack.api.waitUntil(build_uuid, 'initializing')
      return build_uuid
    },
    'while it clones': async () => {
      git.interfere = ({ url = '' }) => (url.includes('git-upload-pack') ? 'hold' : undefined)
      const build_uuid = await pushScripts({ build: 'echo never' })
      await untilLogged(build_uuid, 'Cloning repository...')
      return build_uuid
    },
    'while it installs': async () => {
      const build_uuid = await pushScripts({ preinstall: DAEMONS })
      await untilLogged(build_uuid, 'Installing project dependencies: npm install')
      await waitFor('the install', async () => processesOf(build_uuid).length > 4)
      return build_uuid
    },
    'while it builds': async () => {
      const build_uuid = await pushScripts({ build: DAEMONS })
      await untilLogged(build_uuid, 'up')
      return build_uuid
    },
    'while it deploys': async () => {
      const build_uuid = await pushScripts({ build: 'true', deploy: DAEMONS })
      await untilLogged(build_uuid, 'up')
      return build_uuid
    },
  }

  test.each(Object.entries(stages))('%s', async (_, reach) => {
    const build_uuid = await reach()
    expect(await stack.api.cancel(build_uuid)).toMatchObject({ build_outcome: 'cancelled' })
    expect((await stack.api.readLog(build_uuid)).at(-1)).toBe('Build was cancelled')
    for (const gate of [git, compute]) gate.open()
    await untilGone(build_uuid)
    expect(await stack.api.getBuild(build_uuid)).toMatchObject({ build_outcome: 'cancelled' })
    expect((await stack.api.getErrors(build_uuid)).scan).toBeNull()
  })
})
