import { usageOf } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { randomHex } from '../testing/harness.ts'

const harness = useDatabase({ max: 12 })
const { store, sql } = harness

const running = { status: 'running', build_outcome: null, failure_reason: null } as const
const failed = {
  status: 'stopped',
  build_outcome: 'fail',
  failure_reason: 'build_command_failed',
} as const

describe('claim', () => {
  test('hands a queued build out once', async () => {
    const { build } = await harness.createBuild()
    expect(await store.builds.claim()).toEqual([build.build_id])
    expect(await store.builds.claim()).toEqual([])
  })

  test('hands a claim out again when nobody confirmed it in time', async () => {
    const { build } = await harness.createBuild()
    await store.builds.claim()
    await sql`update builds set claimed_on = now() - interval '11 seconds'`
    expect(await store.builds.claim()).toEqual([build.build_id])
    await store.builds.saveState({ build_id: build.build_id, state: running, steps: [] })
    await sql`update builds set claimed_on = now() - interval '11 seconds'`
    expect(await store.builds.claim()).toEqual([])
  })

  test('keeps every account within its concurrency, however many claim at once', async () => {
    const tenants = await Promise.all(
      [1, 2, 6].map((max_concurrent_builds) => harness.createTenant({ max_concurrent_builds })),
    )
    for (const tenant of tenants) {
      for (let i = 0; i < 15; i++) await harness.createBuild({ tenant })
    }
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 8 }, () => store.builds.claim()))
      const active = await sql<{ account_id: string; active: number }[]>`
        select account_id, count(*) as active from builds
        where claimed_on is not null and status <> 'stopped' group by account_id`
      for (const [index, max] of [1, 2, 6].entries()) {
        const row = active.find((found) => found.account_id === tenants[index]?.account_id)
        expect(row?.active ?? 0).toBeLessThanOrEqual(max)
      }
      await sql`
        update builds set status = 'stopped', build_outcome = 'success', stopped_on = now()
        where build_id in (
          select build_id from builds where claimed_on is not null and status <> 'stopped'
          order by random() limit 3)`
    }
    const [never] = await sql<
      { builds: number }[]
    >`select count(*) as builds from builds where claimed_on is null`
    expect(never?.builds).toBeLessThan(45)
  })

  test('starts a build without a branch when no other build of its trigger runs or is older', async () => {
    const tenant = await harness.createTenant({ max_concurrent_builds: 10 })
    const build = async (branch: string) =>
      (await harness.createBuild({ tenant, branch })).build.build_id
    const stop = (build_id: number) => sql`
      update builds set status = 'stopped', build_outcome = 'success', stopped_on = now()
      where build_id = ${build_id}`
    const first = await build('main')
    expect(await store.builds.claim()).toEqual([first])
    const [rollback, later] = [await build(''), await build('main')]
    const other = await build('feature')
    expect(await store.builds.claim()).toEqual([])
    await stop(first)
    expect(await store.builds.claim()).toEqual([rollback])
    expect(await store.builds.claim()).toEqual([])
    await stop(rollback)
    expect(await store.builds.claim()).toEqual([later, other])
  })

  test('starts builds of other triggers beside one without a branch', async () => {
    const { build: one } = await harness.createBuild({ branch: '' })
    const { build: other } = await harness.createBuild({ branch: 'main' })
    expect((await store.builds.claim()).toSorted()).toEqual([one.build_id, other.build_id])
  })

  test('fills all free slots of an account in one go, oldest builds first', async () => {
    const tenant = await harness.createTenant({ max_concurrent_builds: 3 })
    const builds: number[] = []
    for (let i = 0; i < 5; i++) builds.push((await harness.createBuild({ tenant })).build.build_id)
    expect(await store.builds.claim()).toEqual(builds.slice(0, 3))
  })

  test('runs one build per trigger and branch at a time', async () => {
    const tenant = await harness.createTenant()
    const first = await harness.createBuild({ tenant, branch: 'main' })
    const second = await harness.createBuild({ tenant, branch: 'main' })
    const other = await harness.createBuild({ tenant, branch: 'feature' })
    expect(await store.builds.claim()).toEqual([first.build.build_id, other.build.build_id])
    await store.builds.saveState({ build_id: first.build.build_id, state: failed, steps: [] })
    expect(await store.builds.claim()).toEqual([second.build.build_id])
  })

  test('keeps with the build what it uploaded and warned of, reported with its end', async () => {
    const { build, tenant } = await harness.createBuild()
    const deployment = {
      version_id: crypto.randomUUID(),
      preview_url: 'https://preview.example/',
    }
    const { build_id, build_uuid } = build
    const stopped = { status: 'stopped', build_outcome: 'success', failure_reason: null } as const
    const warnings = ['Warning: npx downloads semver@7.8.6']
    const usage = usageOf('standard-4', 90_000)
    const ending = { build_id, state: stopped, steps: [], deployment, warnings, usage }
    await store.builds.saveState(ending)
    await store.builds.saveState({ build_id, state: stopped, steps: [], deployment: null })
    const { account_id } = tenant
    expect(await store.builds.selectByUuid({ account_id, build_uuid })).toMatchObject({
      ...deployment,
      warnings,
      usage: { instance_type: 'standard-4', seconds: 90, vcpu_seconds: 360 },
    })
  })

  test('leaves one account to start while another is full', async () => {
    const full = await harness.createTenant({ max_concurrent_builds: 1 })
    for (let i = 0; i < 3; i++) await harness.createBuild({ tenant: full })
    await store.builds.claim()
    const { build } = await harness.createBuild()
    expect(await store.builds.claim()).toEqual([build.build_id])
  })
})

test('builds of a deleted Worker are skipped, not run', async () => {
  const { build, tenant } = await harness.createBuild()
  await sql`update workers set deleted_on = now() where script_tag = ${tenant.script_tag}`
  await store.builds.skipBuildsOfDeletedWorkers()
  expect(await store.builds.claim()).toEqual([])
  const row = await store.builds.selectByUuid({ ...tenant, ...build })
  expect(row).toMatchObject({ build_outcome: 'skipped', skip_reason: 'worker_deleted' })
})

describe('saveState', () => {
  test('never leaves a terminal status, and answers what it is', async () => {
    const { build, tenant } = await harness.createBuild()
    await store.builds.cancelQueued(build.build_id)
    const current = await store.builds.saveState({
      build_id: build.build_id,
      state: failed,
      steps: [],
    })
    expect(current).toEqual({ status: 'stopped', build_outcome: 'cancelled', failure_reason: null })
    const row = await store.builds.selectByUuid({ ...tenant, ...build })
    expect(row?.build_outcome).toBe('cancelled')
  })

  test('never takes a build back, and repeated changes nothing', async () => {
    const { build, tenant } = await harness.createBuild()
    const at = { build_id: build.build_id, steps: [] }
    await store.builds.saveState({ ...at, state: running })
    const before = await store.builds.selectByUuid({ ...tenant, ...build })
    await store.builds.saveState({ ...at, state: { ...running, status: 'initializing' } })
    await store.builds.saveState({ ...at, state: running })
    expect(await store.builds.selectByUuid({ ...tenant, ...build })).toEqual(before)
    expect(before?.running_on).not.toBeNull()
    expect(before?.initializing_on).not.toBeNull()
  })

  test('stores each step once, as it was last reported', async () => {
    const { build } = await harness.createBuild()
    const step = { step: 'cloning', started_on: 1000, ended_on: null, exit_code: null } as const
    const at = { build_id: build.build_id, state: running }
    await store.builds.saveState({ ...at, steps: [step] })
    await store.builds.saveState({ ...at, steps: [{ ...step, ended_on: 2500, exit_code: 0 }] })
    const rows = await sql`select step, started_on, ended_on, exit_code from build_steps`
    expect([...rows]).toEqual([
      { step: 'cloning', started_on: new Date(1000), ended_on: new Date(2500), exit_code: 0 },
    ])
  })
})

describe('takeScansDue', () => {
  test('hands out failed builds that nobody scanned, and not again at once', async () => {
    const { build } = await harness.createFailedBuild()
    expect(await store.builds.takeScansDue({ limit: 10 })).toEqual([])
    await sql`update builds set scan_due_on = now() where scan_due_on is not null`
    expect(await store.builds.takeScansDue({ limit: 10 })).toEqual([build.build_id])
    expect(await store.builds.takeScansDue({ limit: 10 })).toEqual([])
  })

  test('leaves scanned builds alone', async () => {
    const { build } = await harness.createFailedBuild()
    await store.buildErrorScans.replace([
      {
        build_id: build.build_id,
        outcome: 'no_match',
        detector_version: 1,
        lines_read: 0,
        errors: [],
      },
    ])
    await sql`update builds set scan_due_on = now() where scan_due_on is not null`
    expect(await store.builds.takeScansDue({ limit: 10 })).toEqual([])
  })
})

test('a build starts with all it needs, and says when its token was deleted', async () => {
  const { build, tenant } = await harness.createBuild({ commit_hash: randomHex(40) })
  await sql`insert into environment_variables ${sql([
    {
      trigger_uuid: tenant.trigger_uuid,
      key: 'PLAIN',
      is_secret: false,
      value: 'x',
      value_sealed: null,
    },
    {
      trigger_uuid: tenant.trigger_uuid,
      key: 'HIDDEN',
      is_secret: true,
      value: null,
      value_sealed: 'v1.k.z',
    },
  ])}`
  const [found] = await store.builds.prepareStart([build.build_id])
  expect(found).toMatchObject({
    build_uuid: build.build_uuid,
    build_token_secret_sealed: 'v1.none.',
    build_timeout_seconds: 1200,
    repo_disconnected: false,
    repository: { account_id: tenant.account_id, given_installation_ids: [] },
    secrets: { HIDDEN: 'v1.k.z' },
    build_caching_enabled: false,
    cache_generation: 0,
  })
  await sql`update triggers set build_caching_enabled = true`
  await store.triggers.purgeCache(found?.trigger_uuid ?? '')
  const [purged] = await store.builds.prepareStart([build.build_id])
  expect(purged).toMatchObject({ build_caching_enabled: true, cache_generation: 1 })
  await sql`update build_tokens set deleted_on = now()`
  const [later] = await store.builds.prepareStart([build.build_id])
  expect(later?.build_token_secret_sealed).toBeNull()
})

test('a build that waited starts with one state of its settings, which it then shows', async () => {
  const { build, tenant } = await harness.createBuild()
  const { account_id, trigger_uuid } = tenant
  const { build_uuid } = build
  const variables = (url: string, key: string) =>
    store.environmentVariables.upsert(trigger_uuid, [
      { key: 'API_URL', is_secret: false, value: url, value_sealed: null },
      { key: 'API_KEY', is_secret: true, value: null, value_sealed: key },
    ])
  await variables('https://old.example', 'v1.k.old')
  await store.environmentVariables.upsert(trigger_uuid, [
    { key: 'GONE', is_secret: true, value: null, value_sealed: 'v1.k.gone' },
  ])
  const settings = await store.triggers.lockForBuild({ account_id, trigger_uuid })
  await sql`
    update builds set settings = ${sql.json(settings?.settings ?? {})}
    where build_id = ${build.build_id}`

  await variables('https://new.example', 'v1.k.new')
  await store.environmentVariables.delete(trigger_uuid, ['GONE'])
  await store.triggers.update(trigger_uuid, {
    build_command: 'npm run new',
    clone_depth: 0,
    clone_submodules: false,
    clone_repositories: ['team/lib'],
  })
  const [started] = await store.builds.prepareStart([build.build_id])
  expect(started).toMatchObject({
    script_name: tenant.script_name,
    secrets: { API_KEY: 'v1.k.new' },
    settings: {
      build_command: 'npm run new',
      clone_depth: 0,
      clone_submodules: false,
      clone_repositories: ['team/lib'],
      environment_variables: { API_URL: { value: 'https://new.example' }, API_KEY: {} },
    },
  })
  const keys = ['API_KEY', 'API_URL']
  expect(Object.keys(started?.settings.environment_variables ?? {}).toSorted()).toEqual(keys)
  const shown = await store.builds.selectByUuid({ account_id, build_uuid })
  expect(shown?.settings).toEqual(started?.settings)

  await store.builds.saveState({
    build_id: build.build_id,
    state: { status: 'running', build_outcome: null, failure_reason: null },
    steps: [],
  })
  await variables('https://later.example', 'v1.k.later')
  await store.builds.prepareStart([build.build_id])
  const later = await store.builds.selectByUuid({ account_id, build_uuid })
  expect(later?.settings).toEqual(started?.settings)
})

test('a build clones through the installations of the account whose repository it is', async () => {
  const { build, tenant } = await harness.createBuild()
  const owner = await harness.createTenant()
  await sql`
    insert into git_installations (account_id, installation_id)
    values (${tenant.account_id}, '1'), (${owner.account_id}, '2')`
  await sql`
    update repo_connections set account_id = ${owner.account_id}
    where account_id = ${tenant.account_id}`
  const [found] = await store.builds.prepareStart([build.build_id])
  expect(found?.repository.given_installation_ids).toEqual(['2'])
})

describe('an overdue build', () => {
  const overdueIn = async ({ build_id }: { build_id: number }) => {
    const [row] = await sql<{ seconds: number | null }[]>`
      select extract(epoch from overdue_on - now())::integer as seconds from builds
      where build_id = ${build_id}`
    return row?.seconds
  }

  test('is one that nobody confirmed, or that outlived its account’s limit', async () => {
    const tenant = await harness.createTenant({ build_timeout_seconds: 600 })
    const { build } = await harness.createBuild({ tenant })
    expect(await overdueIn(build)).toBeNull()
    await store.builds.claim()
    expect(await overdueIn(build)).toBeGreaterThan(290)
    await sql`update builds set claimed_on = now() - interval '11 seconds', overdue_on = now()`
    await store.builds.claim()
    expect(await overdueIn(build)).toBeLessThanOrEqual(0)
    await store.builds.saveState({ build_id: build.build_id, state: running, steps: [] })
    expect(await overdueIn(build)).toBeGreaterThan(700)
    await store.builds.saveState({ build_id: build.build_id, state: failed, steps: [] })
    expect(await overdueIn(build)).toBeNull()
  })

  test('is handed out once a minute, and counted', async () => {
    const { build } = await harness.createBuild()
    await store.builds.claim()
    await sql`update builds set overdue_on = now()`
    const takes = await Promise.all([1, 2, 3].map(() => store.builds.takeOverdue({ limit: 10 })))
    expect(takes.flat()).toEqual([{ ...build, overdue_asks: 1 }])
    expect(await store.builds.takeOverdue({ limit: 10 })).toEqual([])
    await sql`update builds set overdue_on = now()`
    expect(await store.builds.takeOverdue({ limit: 10 })).toEqual([{ ...build, overdue_asks: 2 }])
  })

  test('that is ended as lost leaves no terminal status', async () => {
    const { build } = await harness.createBuild()
    await store.builds.cancelQueued(build.build_id)
    await store.builds.endLost(build.build_id)
    const [row] = await sql`select build_outcome from builds`
    expect(row).toEqual({ build_outcome: 'cancelled' })
  })
})

describe('no account waits for another', () => {
  test('one build of B is claimed first beside the 500 of A', async () => {
    const a = await harness.createTenant({ max_concurrent_builds: 100 })
    await sql`
      insert into builds (account_id, script_tag, trigger_uuid, build_trigger_source, branch,
        commit_hash, commit_message, author, settings)
      select ${a.account_id}, ${a.script_tag}, ${a.trigger_uuid}, 'push_event', 'b' || n,
        ${randomHex(40)}, 'message', 'author', ${sql.json(a.settings)}
      from generate_series(1, 500) n`
    const { build } = await harness.createBuild()
    const claimed = await store.builds.claim()
    expect(claimed).toHaveLength(101)
    expect(claimed.indexOf(build.build_id)).toBe(1)
  })

  test('nor for pushes that are being stored for it', async () => {
    const { build, tenant } = await harness.createBuild()
    const pushing = await sql.reserve()
    try {
      await pushing`begin`
      await pushing`select from accounts where account_id = ${tenant.account_id} for key share`
      expect(await store.builds.claim()).toEqual([build.build_id])
    } finally {
      await pushing`rollback`
      pushing.release()
    }
  })
})
