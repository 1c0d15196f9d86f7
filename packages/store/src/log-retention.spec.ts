import { expect, test } from 'vitest'
import type { KeptLog } from './log-retention.ts'
import { useDatabase } from './testing/database.ts'

const harness = useDatabase()
const { store, sql } = harness

/** A build that stopped `days` days ago and has been scanned. */
async function createOldBuild(days: number) {
  const { build, tenant } = await harness.createFailedBuild()
  await sql`
    update builds set claimed_on = created_on, scan_due_on = null,
      stopped_on = now() - make_interval(days => ${days})
    where build_id = ${build.build_id}`
  return { ...build, tenant }
}

async function expired({ after = null as KeptLog | null, limit = 10 } = {}) {
  const found = await store.logRetention.selectExpired({ after, limit })
  return found.map((log) => log.build_id)
}

test("a log is kept for 90 days, or as long as its account's setting says", async () => {
  const [old, young] = [await createOldBuild(91), await createOldBuild(89)]
  expect(await expired()).toEqual([old.build_id])
  await sql`
    update accounts set log_retention_days = 7 where account_id = ${young.tenant.account_id}`
  expect((await expired()).sort()).toEqual([old.build_id, young.build_id].sort())
})

test('the list goes on after any log, though others stopped at the same moment', async () => {
  const old = [await createOldBuild(91), await createOldBuild(92), await createOldBuild(91)]
  await sql`update builds set stopped_on = (select min(stopped_on) from builds)`
  const build_ids = old.map((build) => build.build_id)
  let after: KeptLog | null = null
  for (const build_id of build_ids) {
    const found: KeptLog[] = await store.logRetention.selectExpired({ after, limit: 1 })
    expect(found.map((log) => log.build_id)).toEqual([build_id])
    after = found[0] ?? null
  }
  expect(await expired({ after })).toEqual([])
})

test('a log is removed once', async () => {
  const { build_id } = await createOldBuild(91)
  await store.logRetention.recordDeleted([build_id])
  expect(await expired()).toEqual([])
})

test.each([
  ['that waits to be scanned', sql`update builds set scan_due_on = now()`],
  [
    'that has not stopped',
    sql`
    update builds set status = 'running', build_outcome = null, failure_reason = null,
      stopped_on = null`,
  ],
  ['that was never started', sql`update builds set claimed_on = null`],
])('the log of a build %s is not removed', async (_, change) => {
  await createOldBuild(1_000)
  await change
  expect(await expired()).toEqual([])
})

test('a backfill does not take builds without a log, so that what was detected stays', async () => {
  const [old, young] = [await createOldBuild(91), await createOldBuild(1)]
  await store.logRetention.recordDeleted([old.build_id])
  const run = {
    min_build_id: 0,
    max_build_id: young.build_id,
    started_on: new Date(),
    older_than_detector_version: null,
    error_codes: null,
    account_ids: null,
    builds_per_second: null,
  }
  const range = { after: 0, through: young.build_id, limit: 10 }
  expect(await store.backfills.selectUnscanned(run, range)).toEqual([young.build_id])
})
