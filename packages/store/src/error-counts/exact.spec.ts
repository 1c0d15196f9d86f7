import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import type { BuildScan } from '../build-error-scans.ts'
import type { Sql } from '../sql.ts'
import { useDatabase } from '../testing/database.ts'
import type { Tenant } from '../testing/harness.ts'
import { selectNews } from './news.ts'
import { inSnapshot } from './read.ts'
import { splitRange } from './split-range.ts'
import { selectTop } from './top.ts'
import { type ErrorKind, selectTrend, type TrendInterval } from './trend.ts'

const harness = useDatabase({ max: 8 })
const { store, sql } = harness

const HOUR_MS = 3_600_000
/** Hours that builds stopped in lie in these spans from the end of the last hour, back. */
const SPANS_HOURS = [3, 30, 24 * 40, 24 * 400]
const ACCOUNTS = 6
const BUILDS = 60
const FAULTS = ['user', 'platform', 'upstream', 'suspect'] as const

const oneOf = <Item>(items: readonly Item[]): Item => items[randomInt(items.length)] as Item

const shuffled = <Item>(items: Item[]): Item[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)

type Range = { from: Date; to: Date }
type Asked = Range & {
  min_accounts: number
  limit: number
  offset: number
  fault?: (typeof FAULTS)[number]
}

/** The top list as one would ask the rows for it. */
async function naiveTop(tx: Sql, { from, to, min_accounts, limit, offset, fault }: Asked) {
  const asked = tx`stopped_on >= ${from} and stopped_on < ${to} and error_code <> 'unclassified'
    ${fault === undefined ? tx`` : tx`and fault = ${fault}`}`
  return tx`
    with shared as (
      select error_code, cause, error_group from build_errors where ${asked}
      group by error_code, cause, error_group
      having count(distinct account_id) >= ${min_accounts}
    )
    select e.error_code, e.cause, s.error_group, count(distinct e.build_id) as build_count,
      count(distinct e.account_id) as account_count, max(e.stopped_on) as last_seen_on,
      case when min(e.fault) = max(e.fault) then min(e.fault) end as fault
    from build_errors e left join shared s using (error_code, cause, error_group)
    where ${asked}
    group by e.error_code, e.cause, s.error_group
    order by build_count desc, e.error_code, e.cause, s.error_group
    limit ${limit} offset ${offset}`
}

async function createBuilds(): Promise<{ build_id: number; tenant: Tenant }[]> {
  const tenants: Tenant[] = []
  for (let i = 0; i < ACCOUNTS; i++) tenants.push(await harness.createTenant())
  const builds = []
  for (const tenant of tenants) {
    for (const build_id of await harness.createFailedBuilds(BUILDS / ACCOUNTS, { tenant })) {
      const ago = randomInt(oneOf(SPANS_HOURS) * HOUR_MS)
      // Often at the very start of an hour, where ranges and periods meet.
      const at = Date.now() - ago
      const stopped_on = new Date(randomInt(3) === 0 ? at - (at % HOUR_MS) : at)
      await sql`update builds set stopped_on = ${stopped_on} where build_id = ${build_id}`
      builds.push({ build_id, tenant })
    }
  }
  return builds
}

/** What a scan might find: of few codes, causes and groups, so that they meet. */
function randomScan(build_id: number): BuildScan {
  const errors = Array.from({ length: randomInt(5) }, () => ({
    error_code: oneOf(['npm_error', 'vite_error', 'unclassified']),
    error_group: `group ${randomInt(6)}`,
    cause: oneOf(['module_not_found', 'lockfile_out_of_sync']),
    fault: oneOf(FAULTS),
    step: 'building' as const,
    line: 1,
    confidence: 1,
    title: '',
  }))
  const outcome = errors.length > 0 ? 'detected' : 'no_match'
  return { build_id, outcome, detector_version: 1, lines_read: 1, errors }
}

function randomRange(): Range {
  const moment = () => {
    const at = Date.now() + HOUR_MS - randomInt((oneOf(SPANS_HOURS) + 2) * HOUR_MS)
    return new Date(randomInt(2) === 0 ? at - (at % HOUR_MS) : at)
  }
  const [a, b] = [moment(), moment()]
  return a < b ? { from: a, to: b } : { from: b, to: a }
}

function randomQuestion(): Asked {
  const fault = oneOf([undefined, undefined, ...FAULTS])
  const all = { from: new Date(0), to: new Date(Date.now() + HOUR_MS) }
  return {
    ...(randomInt(5) === 0 ? all : randomRange()),
    min_accounts: 1 + randomInt(4),
    limit: oneOf([3, 100]),
    offset: oneOf([0, 0, 2]),
    ...(fault && { fault }),
  }
}

async function naiveTrend(tx: Sql, { from, to }: Range, kind: ErrorKind, interval: TrendInterval) {
  const asked = tx`stopped_on >= ${from} and stopped_on < ${to}
    and error_code = ${kind.error_code}
    ${kind.cause === undefined ? tx`` : tx`and cause = ${kind.cause}`}
    ${kind.error_group === undefined ? tx`` : tx`and error_group = ${kind.error_group}`}`
  const counts = tx`count(distinct build_id) as build_count, count(distinct account_id) as account_count`
  const [total] = await tx`
    select ${counts}, min(stopped_on) as first_seen_on, max(stopped_on) as last_seen_on
    from build_errors where ${asked} having count(*) > 0`
  const buckets = await tx`
    select date_trunc(${interval}, stopped_on, 'UTC') as starts_on, ${counts}
    from build_errors where ${asked} group by 1 order by 1`
  return total && { ...total, buckets: [...buckets] }
}

async function naiveNews(tx: Sql, { from, to }: Range, min_ratio: number, min_accounts: number) {
  const baseline = new Date(from.getTime() - 4 * (to.getTime() - from.getTime()))
  return tx`
    select * from (
      select error_code, cause, error_group,
        coalesce(min(stopped_on) >= ${from}, false) as is_new,
        count(*) filter (where stopped_on >= ${from}) as build_count,
        count(distinct account_id) filter (where stopped_on >= ${from}) as account_count,
        count(*) filter (where stopped_on >= ${baseline} and stopped_on < ${from})
          as build_count_before,
        min(stopped_on) filter (where stopped_on >= ${from}) as first_seen_on,
        max(stopped_on) filter (where stopped_on >= ${from}) as last_seen_on
      from build_errors where stopped_on < ${to} and error_code <> 'unclassified'
      group by error_code, cause, error_group
    ) as groups
    where build_count > 0 and account_count >= ${min_accounts}
      and (is_new or build_count * 4 >= build_count_before * ${min_ratio}::float8)
    order by is_new desc, build_count desc, error_code, cause, error_group`
}

/** Asks the rows and the counts the same, in one snapshot, since others may be writing. */
async function expectExact() {
  const asked = randomQuestion()
  const { min_accounts, limit, offset, fault } = asked
  const error_code = oneOf(['npm_error', 'vite_error', 'unclassified'])
  const cause = oneOf([undefined, 'module_not_found'])
  const error_group = error_code === 'unclassified' ? undefined : oneOf([undefined, 'group 3'])
  const kind = { error_code, cause, error_group }
  // Hours of years would be many.
  const isLong = asked.to.getTime() - asked.from.getTime() > 24 * 60 * HOUR_MS
  const interval = isLong ? 'week' : oneOf(['hour', 'day', 'week'] as const)
  const range =
    isLong && asked.from.getTime() === 0 ? { ...asked, from: new Date('2024-01-01') } : asked
  await inSnapshot(sql, async (tx) => {
    const options = { min_accounts, limit, offset, filter: { fault } }
    const { errors } = await selectTop(tx, await splitRange(tx, asked), options)
    expect({ asked, errors }).toEqual({ asked, errors: [...(await naiveTop(tx, asked))] })

    const trend = await selectTrend(tx, { range, kind, interval, min_accounts: 1 })
    const seen = trend && { ...trend, buckets: trend.buckets.filter((b) => b.build_count > 0) }
    const rows = await naiveTrend(tx, range, kind, interval)
    expect({ range, kind, interval, trend: seen }).toEqual({ range, kind, interval, trend: rows })

    const news = await selectNews(tx, { range: asked, min_accounts, min_ratio: 3, limit: 100 })
    const expected = await naiveNews(tx, asked, 3, min_accounts)
    expect({ asked, news }).toEqual({ asked, news: [...expected] })
  })
}

const scanSome = (builds: { build_id: number }[]) =>
  store.buildErrorScans.replace(
    shuffled(builds)
      .slice(0, 12)
      .map(({ build_id }) => randomScan(build_id)),
  )

/** Locks the scan first, as everybody does who writes the errors of a build. */
const deleteErrors = (build_id: number) =>
  sql.begin((tx) => [
    tx`select from build_error_scans where build_id = ${build_id} for update`,
    tx`delete from build_errors where build_id = ${build_id}`,
  ])

const recountAll = async () => {
  while (await store.errorCounts.recount({ settle_seconds: 0 }));
}

test('counts are what the rows say after any scans, re-scans, deletions and recounts', async () => {
  const builds = await createBuilds()
  const steps = {
    scan: () => scanSome(builds),
    recountSome: async () => {
      for (let i = 0; i < 8; i++) await store.errorCounts.recount({ settle_seconds: 0 })
    },
    recountAll,
    deleteBuild: () => sql`delete from builds where build_id = ${oneOf(builds).build_id}`,
    deleteAccount: async () => {
      if (randomInt(4) > 0) return
      await sql`delete from accounts where account_id = ${oneOf(builds).tenant.account_id}`
    },
    deleteErrors: () => sql`delete from build_errors where error_group = 'group 1'`,
    changeFault: () => sql`
      update build_errors set fault = ${oneOf(FAULTS)} where error_group = 'group 2'`,
  }
  await steps.scan()
  for (let round = 0; round < 40; round++) {
    const step = oneOf([
      ...Object.keys(steps),
      'scan',
      'scan',
      'recountAll',
    ] as (keyof typeof steps)[])
    await steps[step]()
    for (let i = 0; i < 2; i++) await expectExact()
  }
}, 120_000)

test('counts are what the rows say while scans, deletions and several recounts run at once', async () => {
  const builds = await createBuilds()
  await scanSome(builds)
  let isOver = false
  const untilOver = async (work: () => Promise<unknown>) => {
    while (!isOver) await work()
  }
  const others = [
    untilOver(() => scanSome(builds)),
    untilOver(() => scanSome(builds)),
    untilOver(() => store.errorCounts.recount({ settle_seconds: 0 })),
    untilOver(() => store.errorCounts.recount({ settle_seconds: 0 })),
    untilOver(() => deleteErrors(oneOf(builds).build_id)),
  ]
  try {
    for (let round = 0; round < 40; round++) await expectExact()
  } finally {
    isOver = true
    await Promise.all(others)
  }
  await recountAll()
  for (let i = 0; i < 20; i++) await expectExact()
}, 120_000)
