/** Builds whose runner is not heard of: how long that may last decides how they end. */
import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { useGatedStack } from './support/gated-stack.ts'

const {
  gates,
  createTenant,
  pushScripts,
  pushPrepared,
  runnerOf,
  signalFile,
  untilLogged,
  expectFailure,
} =
  // Still longer than a healthy build is silent on a machine that has much else to do.
  useGatedStack('lost-runners', {
    healthCheckMs: 1_000,
    missingGraceMs: 10_000,
    createMs: 10_000,
    firstReportMs: 30_000,
    heartbeatSeconds: 1,
    missedHeartbeats: 30,
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

describe.concurrent('the system', () => {
  test('ends builds whose runner hangs, is cut off or never reports, and not a silent one', async () => {
    const tenant = await createTenant()
    const goOn = signalFile()
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
    gates.callbacks.interfere(cutOff, () => 'break')
    const mute = await pushPrepared(tenant, { build: 'echo never' }, (build_uuid) =>
      gates.callbacks.interfere(build_uuid, () => 'break'),
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
    const tenant = await createTenant()
    const build_uuid = await pushScripts(tenant, {
      build: 'echo up; setsid sleep 600 & sleep 600',
    })
    await untilLogged(tenant, build_uuid, 'up')
    process.kill(await runnerOf(build_uuid), 'SIGKILL')
    await expectFailure(tenant, build_uuid, UNHEALTHY)
  })

  test('fails to initialise a build that the compute cannot start', async () => {
    const tenant = await createTenant()
    const build_uuid = await pushPrepared(tenant, { build: 'echo never' }, (uuid) =>
      gates.compute.interfere(uuid, ({ method }) =>
        method === 'PUT' ? { answer: 503 } : undefined,
      ),
    )
    await expectFailure(tenant, build_uuid, UNSTARTED)
  })
})
