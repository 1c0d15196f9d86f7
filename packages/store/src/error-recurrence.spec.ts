import { expect, test } from 'vitest'
import { MAX_FAILURES_ADDED_UP, selectTop } from './error-recurrence.ts'
import { useDatabase } from './testing/database.ts'
import { randomHex, type Tenant } from './testing/harness.ts'

const harness = useDatabase()
const { store, sql } = harness

type End = 'success' | 'cancelled' | 'not scanned' | 'fails with a' | 'fails with b'

/** Builds that ended so, one after the other. */
async function endBuilds(tenant: Tenant, branch: string, ends: End[]) {
  const builds = []
  for (const end of ends) {
    const { build } = await harness.createBuild({ tenant, branch, commit_hash: randomHex(40) })
    const { build_id } = build
    const build_outcome = end === 'success' || end === 'cancelled' ? end : 'fail'
    const failure_reason = build_outcome === 'fail' ? 'build_command_failed' : null
    await store.builds.saveState({
      build_id,
      state: { status: 'stopped', build_outcome, failure_reason },
      steps: [],
    })
    if (end === 'fails with a' || end === 'fails with b') await scan(build_id, end)
    builds.push(build)
  }
  return builds
}

async function scan(build_id: number, error_group: string) {
  const error = { cause: 'script_missing', fault: 'user', step: null, line: null } as const
  await store.buildErrorScans.replace([
    {
      build_id,
      outcome: 'detected',
      detector_version: 1,
      lines_read: 1,
      errors: [{ ...error, error_code: 'npm_error', error_group, confidence: 1, title: '' }],
    },
  ])
}

test('a failure shows since when, how often in a row, and whether the newest build has it', async () => {
  const tenant = await harness.createTenant()
  const made = await endBuilds(tenant, 'main', [
    ...(['success', 'fails with a', 'fails with b', 'success'] as const),
    ...(['fails with a', 'cancelled', 'fails with a', 'not scanned'] as const),
  ])
  const [good, first, other, lastGood, since, , last] = made.map(({ build_uuid }) => build_uuid)
  const errors = await store.errorRecurrence.selectByWorker({ ...tenant, limit: 10 })
  expect(errors).toMatchObject([
    {
      error_code: 'npm_error',
      cause: 'script_missing',
      error_group: 'fails with a',
      fault: 'user',
      build_count: 3,
      builds_in_a_row: 2,
      is_current: true,
      first_seen: {
        build_uuid: first,
        branch: 'main',
        commit_hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
      last_seen: { build_uuid: last },
      in_a_row_since: { build_uuid: since },
      last_good: { build_uuid: lastGood },
    },
    {
      error_group: 'fails with b',
      build_count: 1,
      builds_in_a_row: 1,
      is_current: false,
      first_seen: { build_uuid: other },
      last_seen: { build_uuid: other },
      last_good: { build_uuid: good },
    },
  ])
  const [newest] = await store.errorRecurrence.selectByWorker({ ...tenant, limit: 1 })
  expect(newest).toMatchObject({ error_group: 'fails with a' })
})

test('only the branches that are asked for count', async () => {
  const tenant = await harness.createTenant()
  await endBuilds(tenant, 'main', ['fails with a'])
  await endBuilds(tenant, 'feature', ['success', 'fails with b'])
  const [onMain] = await endBuilds(tenant, 'main', ['fails with a'])
  const ofMain = { ...tenant, branches: ['main'], limit: 10 }
  expect(await store.errorRecurrence.selectByWorker(ofMain)).toMatchObject([
    {
      error_group: 'fails with a',
      builds_in_a_row: 2,
      is_current: true,
      last_good: null,
      last_seen: { build_uuid: onMain?.build_uuid },
    },
  ])
  const ofAll = await store.errorRecurrence.selectByWorker({ ...tenant, limit: 10 })
  expect(ofAll.map(({ error_group, builds_in_a_row }) => [error_group, builds_in_a_row])).toEqual([
    ['fails with a', 1],
    ['fails with b', 1],
  ])
})

test("another account's failures are not shown", async () => {
  const [mine, other] = [await harness.createTenant(), await harness.createTenant()]
  await endBuilds(other, 'main', ['fails with a'])
  const { account_id } = mine
  const worker = { account_id, script_tag: other.script_tag, limit: 10 }
  expect(await store.errorRecurrence.selectByWorker(worker)).toEqual([])
  const range = { from: new Date(0), to: new Date(Date.now() + 60_000), limit: 10 }
  expect(await store.errorRecurrence.selectTopOfAccount({ account_id, ...range })).toEqual([])
})

type Plan = { 'Node Type': string; 'Index Name'?: string; 'Relation Name'?: string; Plans?: Plan[] }

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

test("an account's list reads its own rows by their index, and no more than it adds up", async () => {
  const [busy, quiet] = [await harness.createTenant(), await harness.createTenant()]
  await failMany(busy, MAX_FAILURES_ADDED_UP + 5)
  await failMany(quiet, 3)
  await sql`analyze build_errors, builds`
  const range = { from: new Date(0), to: new Date(Date.now() + 60_000), limit: 10 }
  const ask = ({ account_id }: Tenant) =>
    store.errorRecurrence.selectTopOfAccount({ account_id, ...range })
  expect(await ask(busy)).toMatchObject([
    { build_count: MAX_FAILURES_ADDED_UP, worker_count: 1, fault: 'user' },
  ])
  expect(await ask(quiet)).toMatchObject([{ build_count: 3 }])
  const query = selectTop(sql, { account_id: quiet.account_id, ...range })
  const [row] = await sql<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>`explain (format json) ${query}`
  const reads = nodesOf(row?.['QUERY PLAN'][0].Plan as Plan).filter(
    (node) => node['Relation Name'] === 'build_errors' || node['Index Name'] !== undefined,
  )
  expect(reads.map((node) => node['Index Name'])).toEqual(
    expect.arrayContaining(['build_errors_account', 'builds_pkey']),
  )
  expect(reads.map((node) => node['Node Type'])).not.toContain('Seq Scan')
})

/** Failures of the same kind, in few statements. */
async function failMany(tenant: Tenant, count: number) {
  await harness.createFailedBuilds(count, { tenant })
  await sql`
    insert into build_error_scans (build_id, outcome, detector_version, lines_read)
    select build_id, 'detected', 1, 1 from builds where account_id = ${tenant.account_id}`
  await sql`
    insert into build_errors
      (build_id, error_code, error_group, rank, cause, fault, confidence, account_id, stopped_on)
    select build_id, 'npm_error', 'many', 0, 'script_missing', 'user', 1, account_id, stopped_on
    from builds where account_id = ${tenant.account_id}`
}
