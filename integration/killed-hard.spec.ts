import { createTemporaryFolder, type TemporaryFolder } from '@workers-builds/local-platform/folders'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { beforeAll, expect, inject, test } from 'vitest'
import { openApi } from './support/api-client.ts'
import type {} from './support/bundles.global-setup.ts'
import { endAfterTests } from './support/discard-folder.ts'
import { createProject } from './support/git-project.ts'
import { startStackProcess } from './support/stack-process.ts'

const OPTIONS = {
  bundles: inject('workerBundles'),
  // A build that went down with its host is ended soon.
  patience: { healthCheckMs: 1_000, missingGraceMs: 3_000 },
}

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await createTemporaryFolder('killed')
})
endAfterTests(async () => folder)

const project = (branch: string, build: string) =>
  createProject({
    branch,
    files: { 'package.json': { name: branch, private: true, scripts: { build } } },
  })

test('a system that is killed hard finds its builds, logs and detections again', async () => {
  let system = await startStackProcess(folder.path, OPTIONS)
  let api = openApi(system.address)
  const push = async (branch: string, build: string) => {
    const { push: send, remove } = await project(branch, build)
    const commit = await send(system.address.git_remote)
    await remove()
    return (await api.findBuild(commit)).build_uuid
  }

  const finished = await push('finished', 'no-such-command')
  await api.waitForScan(finished)
  const running = await push('running', 'echo still here; sleep 600')
  await waitFor('the build to be under way', async () =>
    (await api.readLog(running)).includes('still here'),
  )
  const before = {
    log: await api.readLog(finished),
    errors: await api.getErrors(finished),
    running: await api.readLog(running),
  }

  await system.end('SIGKILL')
  system = await startStackProcess(folder.path, OPTIONS)
  try {
    api = openApi(system.address)
    expect(await api.readLog(finished)).toEqual(before.log)
    expect(await api.getErrors(finished)).toEqual(before.errors)
    expect(await api.waitUntil(running, 'stopped')).toMatchObject({
      build_outcome: 'terminated',
      failure_reason: 'health_check_failed',
    })
    const log = await api.readLog(running)
    expect(log.slice(0, before.running.length)).toEqual(before.running)
    expect(log.at(-1)).toContain('stopped answering')
    const { errors } = await api.waitForScan(running)
    expect(errors[0]).toMatchObject({ error_code: 'health_check_failed', fault: 'platform' })
    const again = await push('again', 'exit 1')
    expect((await api.waitUntil(again, 'stopped')).build_outcome).toBe('fail')
  } finally {
    await system.end('SIGTERM')
  }
})
