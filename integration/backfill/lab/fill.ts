/** Builds that failed, in as many BuildBuddies, with their logs and their first scans. */
import { randomBytes } from 'node:crypto'
import type { LogLine } from '@workers-builds/contracts'
import { waitFor } from '@workers-builds/local-platform/waiting'
import type { Sql } from '@workers-builds/store'
import { createHarness } from '@workers-builds/store/testing'
import { failedLog, failedStatus, goodLog, goodStatus } from './failed-logs.ts'
import type { Lab } from './lab.ts'
import type { FilledBuild } from './protocol.ts'

const TENANTS = 20
const BUILDS_PER_CALL = 50
/** No more are under way at once: all of them share one thread, and would wait for each other. */
const BUILDS_UNDER_WAY = 1_000
/** How long the system may take for those that are under way. */
const PATIENCE_MS = 300_000

/**
 * Creates `count` failed builds, after a good one of each trigger, and waits until each has been
 * scanned once; answers them in order.
 */
export async function fillFailedBuilds(
  lab: Lab,
  { count, log = () => {} }: { count: number; log?: (what: string) => void },
): Promise<number[]> {
  const [good, build_ids] = splitAt(await insertBuilds(lab.sql, TENANTS + count), TENANTS)
  await fillGoodBuilds(lab, good)
  for (let at = 0; at < count; at += BUILDS_PER_CALL) {
    const builds = build_ids.slice(at, at + BUILDS_PER_CALL).map((build_id): FilledBuild => {
      const flushes = failedLog(build_id)
      return { build_id, flushes, last: failedStatus(flushes) }
    })
    await lab.ask('/lab/fill', builds)
    const filled = at + builds.length
    if (filled % BUILDS_UNDER_WAY === 0 || filled === count) {
      await untilScanned(lab.sql, build_ids.slice(0, filled))
      log(`${filled} builds filled and scanned`)
    }
  }
  return build_ids
}

async function fillGoodBuilds(lab: Lab, build_ids: number[]): Promise<void> {
  const builds = build_ids.map((build_id): FilledBuild => {
    const flushes = goodLog(build_id)
    return { build_id, flushes, last: goodStatus(flushes) }
  })
  await lab.ask('/lab/fill', builds)
  const look = async () => {
    const [row] = await lab.sql<{ n: number }[]>`
      select count(*) as n from builds
      where build_id in ${lab.sql(build_ids)} and build_outcome = 'success'`
    return row?.n === build_ids.length
  }
  await waitFor('the good builds', look, { timeoutMs: PATIENCE_MS, pauseMs: 250 })
}

function splitAt<Item>(items: Item[], index: number): [Item[], Item[]] {
  return [items.slice(0, index), items.slice(index)]
}

/** One more build, which fails at this moment with this log; answers it, if asked once scanned. */
export async function fillNow(
  lab: Lab,
  flushes: LogLine[][],
  { untilScanned: waits = false } = {},
): Promise<number> {
  const [build_id = 0] = await insertBuilds(lab.sql, 1)
  await lab.ask('/lab/fill', [{ build_id, flushes, last: failedStatus(flushes) }])
  if (waits) await untilScanned(lab.sql, [build_id])
  return build_id
}

/** Builds that a BuildBuddy has begun, of several accounts, in one statement each. */
export async function insertBuilds(sql: Sql, count: number): Promise<number[]> {
  const harness = createHarness(sql)
  const tenants = []
  for (let i = 0; i < Math.min(TENANTS, count); i++) {
    const { account_id, script_tag, trigger_uuid, settings } = await harness.createTenant()
    tenants.push({ account_id, script_tag, trigger_uuid, settings })
  }
  const rows = await sql<{ build_id: number }[]>`
    with tenants as (
      select t.*, row_number() over () - 1 as place
      from jsonb_to_recordset(${sql.json(tenants)})
        as t (account_id text, script_tag text, trigger_uuid uuid, settings jsonb)
    )
    insert into builds (account_id, script_tag, trigger_uuid, build_trigger_source, branch,
      commit_hash, commit_message, author, settings, status, claimed_on, initializing_on)
    select account_id, script_tag, trigger_uuid, 'push_event', 'branch-' || n,
      ${randomBytes(20).toString('hex')}, 'message', 'author', settings, 'initializing', now(), now()
    from generate_series(0, ${count - 1}::integer) as n
      join tenants on place = n % ${tenants.length}::integer
    order by n
    returning build_id`
  return rows.map((row) => row.build_id).sort((a, b) => a - b)
}

async function untilScanned(sql: Sql, build_ids: number[]): Promise<void> {
  const [from, to] = [build_ids[0] ?? 0, build_ids.at(-1) ?? 0]
  const look = async () => {
    const [row] = await sql<{ n: number }[]>`
      select count(*) as n from build_error_scans where build_id between ${from} and ${to}`
    return row?.n === build_ids.length
  }
  const what = `the scans of builds ${from} to ${to}`
  await waitFor(what, look, { timeoutMs: PATIENCE_MS, pauseMs: 250 })
}
