import { readdir, readFile } from 'node:fs/promises'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { describe, expect, test } from 'vitest'
import { createProject } from './support/git-project.ts'
import { createTenant } from './support/tenant.ts'
import { useStack } from './support/test-stack.ts'

const stack = useStack('integration')

/** Pushes a project with these scripts; answers its build. */
async function pushScripts(
  scripts: Record<string, string>,
  { branch = `b-${crypto.randomUUID()}`, files = {} } = {},
) {
  const project = await createProject({
    branch,
    files: { 'package.json': { name: 'project', private: true, scripts }, ...files },
  })
  const commit = await project.push(stack.git_remote)
  await project.remove()
  return await stack.api.findBuild(commit)
}

/** More lines than a page of the log has. */
const PRINT_MANY_LINES = 'for (let i = 0; i < 5000; i++) console.log("number", i)'

describe.concurrent('a push', () => {
  test('that fails ends as a detected error', async () => {
    const { build_uuid } = await pushScripts(
      { build: 'node build.js' },
      { files: { 'build.js': `${PRINT_MANY_LINES}\nrequire('./balance')\n` } },
    )
    expect(await stack.api.waitUntil(build_uuid, 'stopped')).toMatchObject({
      build_outcome: 'fail',
      failure_reason: 'build_command_failed',
      initializing_on: expect.any(String),
      running_on: expect.any(String),
    })
    const log = await stack.api.readLog(build_uuid)
    const { scan, errors } = await stack.api.waitForScan(build_uuid)
    expect(scan).toMatchObject({ outcome: 'detected', lines_read: log.length })
    expect(errors[0]).toMatchObject({ cause: 'module_not_found', step: 'building' })
    expect(errors[0]?.error_group).not.toContain('balance')
    const { line_number, line_text, context, location } = errors[0] ?? {}
    expect(line_number).toBeGreaterThan(5_000)
    expect(log[(line_number ?? 0) - 1]).toContain("Cannot find module './balance'")
    expect(log[(line_number ?? 0) - 1]).toBe(line_text)
    expect(context?.map(({ text }) => text)).toContain('Require stack:')
    expect(location).toMatchObject({ file: 'build.js', line: 2 })
    expect(log.at(-1)).toBe('Failed: error occurred while running build command')
    const { errors: top } = await stack.api.top()
    expect(top.map((row) => row.error_group)).toContain(errors[0]?.error_group)
  })

  test('that fails in words of its own is explained by what the last good build did not print', async () => {
    const commands = { build_command: 'sh build.sh', deploy_command: 'true' }
    const tenant = await createTenant(stack, commands)
    const habit = 'echo "error: the remote cache is unavailable"'
    const good = await tenant.push({ 'build.sh': `${habit}\n${habit}\n` })
    expect(await tenant.api.waitUntil(good.build_uuid, 'stopped')).toMatchObject({
      build_outcome: 'success',
    })
    const gate = 'Quality gate: the reading score 41 is below 60'
    const script = `${habit}\necho "${gate}"\n${habit}\nexit 1\n`
    const failed = await tenant.push({ 'build.sh': script })
    const { errors } = await tenant.api.waitForScan(failed.build_uuid)
    expect(errors[0]?.line_text).toBe(gate)
  })

  test('that builds and deploys succeeds, with every step in its log', async () => {
    const { build_uuid } = await pushScripts({ build: 'echo built', deploy: 'echo deployed' })
    expect(await stack.api.waitUntil(build_uuid, 'stopped')).toMatchObject({
      build_outcome: 'success',
      failure_reason: null,
    })
    const log = await stack.api.readLog(build_uuid)
    const expected = [
      'Initializing build environment...',
      'Success: Finished initializing build environment',
      'Cloning repository...',
      'Executing user build command: npm run build',
      'built',
      'Success: Build command completed',
      'Executing user deploy command: npm run deploy',
      'deployed',
    ]
    expect(log.filter((message) => expected.includes(message))).toEqual(expected)
  })

  test('whose deploy fails says that it was the deploy', async () => {
    const { build_uuid } = await pushScripts({ build: 'echo built', deploy: 'exit 3' })
    expect(await stack.api.waitUntil(build_uuid, 'stopped')).toMatchObject({
      failure_reason: 'deploy_command_failed',
    })
    const steps = await waitFor('the steps in Postgres', async () => {
      const rows = await stepsOf(build_uuid)
      return rows.length === 5 && rows
    })
    expect(steps.at(-1)).toMatchObject({ step: 'deploying', exit_code: 3 })
  })
})

/** The steps of a build in the order they were taken. */
async function stepsOf(build_uuid: string) {
  return await stack.sql<{ step: string; exit_code: number | null }[]>`
    select s.step, s.exit_code from build_steps s join builds b using (build_id)
    where b.build_uuid = ${build_uuid} order by s.started_on`
}

test.concurrent('a log of many pages is read back whole and in order', async () => {
  const { build_uuid } = await pushScripts(
    { build: 'node build.js', deploy: 'true' },
    { files: { 'build.js': PRINT_MANY_LINES } },
  )
  await stack.api.waitUntil(build_uuid, 'stopped')
  const numbers = (await stack.api.readLog(build_uuid)).filter((message) =>
    message.startsWith('number '),
  )
  expect(numbers).toEqual(Array.from({ length: 5_000 }, (_, i) => `number ${i}`))
})

test.concurrent('a build that is cancelled ends with all that it started', async () => {
  const marker = crypto.randomUUID()
  const script = `
    require('node:child_process').spawn('setsid', ['sleep', '600'], { detached: true, stdio: 'ignore' })
    console.log('ready ${marker}')
    setInterval(() => {}, 1000)`
  const { build_uuid } = await pushScripts(
    { build: 'node build.js' },
    { files: { 'build.js': script } },
  )
  await waitFor('the build to be under way', async () =>
    (await stack.api.readLog(build_uuid)).includes(`ready ${marker}`),
  )
  expect(await stack.api.cancel(build_uuid)).toMatchObject({ build_outcome: 'cancelled' })
  expect((await stack.api.getBuild(build_uuid)).build_outcome).toBe('cancelled')
  expect((await stack.api.readLog(build_uuid)).at(-1)).toBe('Build was cancelled')
  await waitFor('its processes to end', async () => !(await hasProcessOf(build_uuid)))
})

/** Whether a process of this machine carries the build's name in its environment. */
async function hasProcessOf(build_uuid: string): Promise<boolean> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (environment.includes(`WORKERS_CI_BUILD_UUID=${build_uuid}`)) return true
  }
  return false
}

test.concurrent('a failed build that the queue lost is scanned all the same', async () => {
  const { build_uuid } = await pushScripts({ build: 'echo no such thing && exit 1' })
  await stack.api.waitForScan(build_uuid)
  await stack.sql`
    delete from build_error_scans
    where build_id = (select build_id from builds where build_uuid = ${build_uuid})`
  await stack.sql`update builds set scan_due_on = now() where build_uuid = ${build_uuid}`
  await stack.api.waitForScan(build_uuid)
})

test('no build sees our keys, our database, or the repository that runs it', async () => {
  const { build_uuid } = await pushScripts({
    build: 'env; cat /proc/*/environ 2>/dev/null | tr "\\\\0" "\\\\n"; git config --list; exit 1',
  })
  await stack.api.waitUntil(build_uuid, 'stopped')
  const log = (await stack.api.readLog(build_uuid)).join('\n')
  expect(log).toContain('WORKERS_CI=1')
  for (const secret of [stack.token, stack.platform_token, new URL(stack.databaseUrl).password]) {
    expect(log).not.toContain(secret)
  }
  for (const name of ['KEYRING', 'RUNNER_TOKEN', 'DATABASE_URL', 'HYPERDRIVE', 'x-access-token']) {
    expect(log).not.toContain(name)
  }
})

describe('a backfill', () => {
  test('scans every failed build again, and says how far it is', async () => {
    const [one, two] = await Promise.all([
      pushScripts({ build: 'exit 1' }),
      pushScripts({ build: 'exit 1' }),
    ])
    const before = new Map<string, string>()
    for (const { build_uuid } of [one, two]) {
      before.set(build_uuid, (await stack.api.waitForScan(build_uuid)).scan?.scanned_on ?? '')
    }
    const { backfill_id } = await stack.api.startBackfill({})
    const done = await waitFor('the backfill to be completed', async () => {
      const run = (await stack.api.listBackfills()).find(
        (found) => found.backfill_id === backfill_id,
      )
      return run?.status === 'completed' && run
    })
    expect(done.builds_queued).toBeGreaterThanOrEqual(2)
    for (const [build_uuid, scanned_on] of before) {
      const { scan, errors } = await stack.api.getErrors(build_uuid)
      expect(Date.parse(scan?.scanned_on ?? '')).toBeGreaterThan(Date.parse(scanned_on))
      expect(new Set(errors.map((error) => error.error_group)).size).toBe(errors.length)
    }
    const again = await stack.api.startBackfill({ only_outdated: true })
    await waitFor('nothing to be outdated', async () => {
      const [run] = await stack.api.listBackfills()
      return run?.backfill_id === again.backfill_id && run.status === 'completed'
    })
    expect((await stack.api.listBackfills())[0]?.builds_queued).toBe(0)
  })

  test('is one at a time, and can be stopped', async () => {
    const { build_uuid } = await pushScripts({ build: 'exit 1' })
    await stack.api.waitForScan(build_uuid)
    // A range whose only build is never scanned: as if its log could not be read for a while.
    const [row] = await stack.sql<{ build_id: number }[]>`
      select build_id from builds where build_uuid = ${build_uuid}`
    const build_id = row?.build_id ?? 0
    const holding = await stack.sql.reserve()
    await holding`begin`
    await holding`select from build_error_scans where build_id = ${build_id} for update`
    try {
      const range = { min_build_id: build_id, max_build_id: build_id }
      const { backfill_id } = await stack.api.startBackfill(range)
      await expect(stack.api.startBackfill({})).rejects.toThrow(`Backfill ${backfill_id} of builds`)
      expect(await stack.api.stopBackfill()).toMatchObject({ backfill_id, status: 'stopped' })
      await expect(stack.api.stopBackfill()).rejects.toThrow('No backfill is running')
    } finally {
      await holding`rollback`
      holding.release()
    }
  })
})
