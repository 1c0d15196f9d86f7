/** What happens to the container of a build, whatever becomes of the build, its object or its engine. */
import { TriggerDetails } from '@workers-builds/contracts'
import { listContainers } from '@workers-builds/local/stack'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type ContainerSite, containerSite, noContainers } from '../support/container-site.ts'
import { useGatedStack } from '../support/gated-stack.ts'
import type { Tenant } from '../support/tenant.ts'
import type { TestStack } from '../support/test-stack.ts'

const missing = noContainers()
if (missing === undefined) describeLifecycle()
else test.skip(`the life of a build's container: ${missing}`, () => {})

function describeLifecycle() {
  let site = {} as ContainerSite
  const { stack, createTenant, pushScripts, pushPrepared, untilGone, untilLogged, expectFailure } =
    useGatedStack(
      'containers',
      {
        healthCheckMs: 500,
        missingGraceMs: 2_000,
        firstReportMs: 20_000,
        noContainerMs: 8_000,
        // Far less than the builds here are silent for, and than the tests take.
        containerInactivityMs: 3_000,
        backOffFirstMs: 300,
        backOffLongestMs: 2_000,
      },
      (stack: TestStack) => {
        site = containerSite(stack)
        return site
      },
    )

  afterAll(async () => {
    const { engine, worker } = stack.containers ?? {}
    await stack.stop?.()
    if (engine !== undefined && worker !== undefined) {
      expect(await listContainers(engine, { worker })).toEqual([])
    }
  })

  /** The container's first process has the same words, and no signal from inside ends it. */
  const KILL_RUNNER = ['pkill', '-9', '-U', '0', '-f', 'build-runner.mjs']

  const UNSTARTED = {
    failure_reason: 'initialization_failed',
    last_line: /^Failed: the build environment could not be started/,
    error_code: 'initialization_failed',
  } as const

  /** Asks for an image by the settings of the tenant's trigger. */
  async function pinImage(tenant: Tenant, build_image: string): Promise<Response> {
    const { account_id, script_tag, token } = tenant
    const builds = `${stack.url}/client/v4/accounts/${account_id}/builds`
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${builds}/workers/${script_tag}/triggers`, { headers })
    const { result } = z.object({ result: z.array(TriggerDetails) }).parse(await answer.json())
    return await fetch(`${builds}/triggers/${result[0]?.trigger_uuid}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ build_image }),
    })
  }

  const startedOn = async (build_uuid: string) =>
    await site.docker('inspect', await site.nameOf(build_uuid), '--format', '{{.State.StartedAt}}')

  async function restartWorkers(): Promise<void> {
    for (const pid of stack.parts.workersPids()) process.kill(pid, 'SIGKILL')
    await stack.parts.startWorkers()
  }

  test('builds of two image versions run side by side, and their logs say which they got and why', async () => {
    const [newest, pinned] = await Promise.all([createTenant(), createTenant()])
    expect((await pinImage(pinned, 'v1')).status).toBe(200)
    const scripts = { build: 'echo "this is the $IMAGE_OF_BUILD"', deploy: 'true' }
    const builds = await Promise.all([pushScripts(newest, scripts), pushScripts(pinned, scripts)])
    for (const [index, tenant] of [newest, pinned].entries()) {
      const build_uuid = builds[index] ?? ''
      const build = await tenant.api.waitUntil(build_uuid, 'stopped')
      const log = await tenant.api.readLog(build_uuid)
      expect(build.build_outcome, log.join('\n')).toBe('success')
      const [first, which] =
        tenant === newest
          ? ['Build image v2 (the newest), standard-1', 'second']
          : ['Build image v1 (build_image of the trigger), standard-1', 'first']
      expect(log[0]).toBe(first)
      expect(log).toContain(`this is the ${which}`)
      await untilGone(build_uuid)
    }
  })

  test('an image that is not there is refused, by the names of those that are', async () => {
    const tenant = await createTenant()
    const answer = await pinImage(tenant, 'v9')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(
      "build_image is 'v9': images are v2, v1, mute, ends-137, ends-1, ends-0, the newest first",
    )
    // It was there when it was asked for, and went with a later release.
    await stack.sql`
      update accounts set build_image = 'v0' where account_id = ${tenant.account_id}`
    const build_uuid = await pushScripts(tenant, { build: 'echo never' })
    await expectFailure(tenant, build_uuid, UNSTARTED)
    expect((await tenant.api.readLog(build_uuid))[0]).toMatch(
      /^There is no build image 'v0' here, which the account asks for; there is v2, v1,/,
    )
  })

  test('a build goes on in its container when its object is restarted, and is silent longer than the platform keeps a container without activity', async () => {
    const tenant = await createTenant()
    const build_uuid = await pushScripts(tenant, {
      build: 'echo up; sleep 25; echo through',
      deploy: 'true',
    })
    await untilLogged(tenant, build_uuid, 'up')
    const before = await startedOn(build_uuid)
    await restartWorkers()
    await waitFor('the system', () => tenant.api.getBuild(build_uuid), { ignoreErrors: true })
    expect(await startedOn(build_uuid)).toBe(before)
    const build = await tenant.api.waitUntil(build_uuid, 'stopped')
    const log = await tenant.api.readLog(build_uuid)
    expect(build.build_outcome, log.join('\n')).toBe('success')
    const { usage, running_on, stopped_on } = build
    const ran = (Date.parse(stopped_on ?? '') - Date.parse(running_on ?? '')) / 1_000
    expect(usage).toMatchObject({ instance_type: 'standard-1' })
    expect(usage?.seconds).toBeGreaterThanOrEqual(Math.floor(ran))
    expect(usage?.memory_gib_seconds).toBeCloseTo(4 * (usage?.seconds ?? 0), 1)
    expect(log.filter((line) => line === 'through')).toHaveLength(1)
    await untilGone(build_uuid)
  })

  test('an object that dies between the start and the build gives the container that runs its build, once', async () => {
    const tenant = await createTenant()
    // workerd asks for the command that hands the build over, and gets no answer.
    const build_uuid = await pushPrepared(
      tenant,
      { build: 'echo "ran $$"', deploy: 'true' },
      async (uuid) => site.gate().interfere(`${await site.nameOf(uuid)}/exec`, () => 'hold'),
    )
    const name = await site.nameOf(build_uuid)
    await waitFor('the container', async () => (await site.countProcesses(build_uuid)) > 1)
    const before = await startedOn(build_uuid)
    for (const pid of stack.parts.workersPids()) process.kill(pid, 'SIGKILL')
    site.gate().open(`${name}/exec`)
    await stack.parts.startWorkers()
    const build = await tenant.api.waitUntil(build_uuid, 'stopped')
    const log = await tenant.api.readLog(build_uuid)
    expect(build.build_outcome, log.join('\n')).toBe('success')
    expect(log.filter((line) => line.startsWith('ran '))).toHaveLength(1)
    expect(Date.parse(before)).toBeLessThan(Date.parse(build.running_on ?? ''))
    await untilGone(build_uuid)
  })

  test.each([
    ['ends-0', /exit code:? 0\b/],
    ['ends-1', /exit code:? 1\b/],
    ['ends-137', /exit code:? 137\b/],
  ])(
    'a container that ends by itself before its runner reports (%s) fails its build, which says how',
    async (image, how) => {
      const tenant = await createTenant()
      await pinImage(tenant, image)
      const build_uuid = await pushScripts(tenant, { build: 'echo never' })
      await expectFailure(tenant, build_uuid, UNSTARTED)
      expect(await tenant.api.readLog(build_uuid)).toContainEqual(expect.stringMatching(how))
    },
  )

  test('a container that is killed under its build ends it, with its exit code in the log', async () => {
    const tenant = await createTenant()
    const build_uuid = await pushScripts(tenant, { build: 'echo up; sleep 600' })
    await untilLogged(tenant, build_uuid, 'up')
    const name = await site.nameOf(build_uuid)
    // Killed with the container that it is in, the command fails too.
    await site.docker('exec', name, ...KILL_RUNNER).catch(() => {})
    await expectFailure(tenant, build_uuid, {
      build_outcome: 'terminated',
      failure_reason: 'health_check_failed',
      last_line: /^Failed: the build environment stopped answering/,
      error_code: 'build_out_of_memory',
    })
    expect(await tenant.api.readLog(build_uuid)).toContainEqual(
      'The container of the build was killed (exit code 137), as one is that has no memory left: a standard-1 has 4096 MB.',
    )
    const { errors } = await tenant.api.getErrors(build_uuid)
    expect(errors[0]?.cause).toBe('process_killed')
  })

  test('a runner that never reports fails its build, and its container is destroyed', async () => {
    const tenant = await createTenant()
    await pinImage(tenant, 'mute')
    await expectFailure(tenant, await pushScripts(tenant, { build: 'echo never' }), UNSTARTED)
  })

  test.each([
    [503, 'there is no container instance that can be provided'],
    [429, 'too many requests'],
    [400, 'SURPASSED_TOTAL_LIMITS'],
  ])(
    'a build waits while the platform has no container (%d: %s), and runs when it has one',
    async (status, message) => {
      const tenant = await createTenant()
      let refusals = 0
      const build_uuid = await pushPrepared(
        tenant,
        { build: 'echo through', deploy: 'true' },
        async (uuid) =>
          site
            .gate()
            .interfere(`create?name=${await site.nameOf(uuid)}`, () =>
              ++refusals <= 3 ? { status, message } : undefined,
            ),
      )
      const WAITING = /^There is no container for this build at the moment/
      await waitFor('the line', async () =>
        (await tenant.api.readLog(build_uuid)).some((line) => WAITING.test(line)),
      )
      const build = await tenant.api.waitUntil(build_uuid, 'stopped')
      const log = await tenant.api.readLog(build_uuid)
      expect(build.build_outcome, log.join('\n')).toBe('success')
      expect(log.filter((line) => WAITING.test(line))).toHaveLength(1)
      expect(refusals).toBeGreaterThan(3)
      await untilGone(build_uuid)
    },
  )

  test('a build that gets no container for too long fails, by no fault of its user', async () => {
    const tenant = await createTenant()
    const build_uuid = await pushPrepared(tenant, { build: 'echo never' }, async (uuid) =>
      site.gate().interfere(`create?name=${await site.nameOf(uuid)}`, () => ({
        status: 503,
        message: 'none',
      })),
    )
    await expectFailure(tenant, build_uuid, UNSTARTED)
    const { errors } = await tenant.api.getErrors(build_uuid)
    expect(errors[0]).toMatchObject({ fault: 'platform' })
  })

  test('an account that is erased under its build takes the container with it', async () => {
    const tenant = await createTenant()
    const build_uuid = await pushScripts(tenant, { build: 'echo up; sleep 600' })
    await untilLogged(tenant, build_uuid, 'up')
    const name = await site.nameOf(build_uuid)
    const answer = await fetch(`${stack.url}/internal/accounts/${tenant.account_id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${stack.platform_token}` },
    })
    expect(answer.status).toBe(202)
    await waitFor('its end', async () => !(await site.listRunning()).includes(name))
    await waitFor('the account to be gone', async () => {
      const rows = await stack.sql`
        select from accounts where account_id = ${tenant.account_id}`
      return rows.length === 0
    })
  })

  test("a build's secrets are in neither the environment nor the files that its container began with", async () => {
    const tenant = await createTenant()
    const build_uuid = await pushScripts(tenant, { build: 'echo up; sleep 600' })
    await untilLogged(tenant, build_uuid, 'up')
    const name = await site.nameOf(build_uuid)
    const callbackToken = /^[1-9]\d*\.[\w-]{43}$/m
    const environment = await site.docker(
      'exec',
      name,
      'sh',
      '-c',
      "tr '\\0' '\\n' </proc/1/environ",
    )
    expect(environment).toContain('HOME=')
    const values = environment.split('\n').map((line) => line.slice(line.indexOf('=') + 1))
    expect(values.filter((value) => callbackToken.test(value))).toEqual([])
    expect(environment).not.toContain('CLOUDFLARE_API_TOKEN')
    expect(await site.docker('exec', name, 'ls', '/run/build-runner')).toBe('')
    // The build is another user than its runner, and sees nothing of it.
    const asBuild = (command: string) =>
      site.docker('exec', '--user', 'build', name, 'sh', '-c', command)
    await expect(asBuild('cat /proc/1/environ')).rejects.toThrow('Permission denied')
    await expect(asBuild('ls /run/build-runner')).rejects.toThrow('Permission denied')
    await expect(asBuild(KILL_RUNNER.join(' '))).rejects.toThrow('Operation not permitted')
    await tenant.api.cancel(build_uuid)
    await untilGone(build_uuid)
  })
}
