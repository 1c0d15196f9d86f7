/**
 * How long the lists across accounts take with a million failed builds in a real Postgres, as the
 * API asks for them: `pnpm bench:top [--builds N] [--errors N] [--years N] [--queries N]`. Takes some
 * five minutes on two cores, one to fill the database and three to count. Ends with one line of
 * JSON.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { applyMigrations } from '@workers-builds/local-platform/migrations'
import { startTemporaryPostgres } from '@workers-builds/local-platform/postgres'
import { connect, type Sql } from '../src/sql.ts'
import { storeOn } from '../src/store.ts'
import { fill } from './fill.ts'

const { values } = parseArgs({
  options: {
    builds: { type: 'string', default: '1000000' },
    errors: { type: 'string', default: '2000000' },
    years: { type: 'string', default: '3' },
    queries: { type: 'string', default: '100' },
  },
})
const [builds, errors, years, queries] = [
  Number(values.builds),
  Number(values.errors),
  Number(values.years),
  Number(values.queries),
]
const MIN_ACCOUNTS = 3
const MINUTE_MS = 60_000
const SPAN_MS = years * 365 * 24 * 60 * MINUTE_MS

const now = Date.now()
/** From a minute to all there is, short and long ones alike; few start or end at a full hour. */
function randomRange({ longest = SPAN_MS } = {}): { from: Date; to: Date } {
  const length = MINUTE_MS * (longest / MINUTE_MS) ** Math.random()
  const from = now - length - Math.random() * (SPAN_MS - length)
  return { from: new Date(from), to: new Date(from + length) }
}

const percentile = (times: number[], share: number) =>
  Math.round((times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0) * 10) / 10

async function timed<Result>(times: number[], work: () => Promise<Result>): Promise<Result> {
  const started = performance.now()
  const result = await work()
  times.push(performance.now() - started)
  return result
}

/** The top list as one would ask the rows for it. */
function naiveTop(sql: Sql, { from, to }: { from: Date; to: Date }) {
  return sql`
    with asked as (
      select * from build_errors where stopped_on >= ${from} and stopped_on < ${to}
    ), shared as (
      select error_code, cause, error_group from asked group by error_code, cause, error_group
      having count(distinct account_id) >= ${MIN_ACCOUNTS}
    )
    select e.error_code, e.cause, s.error_group, count(distinct e.build_id) as build_count,
      count(distinct e.account_id) as account_count, max(e.stopped_on) as last_seen_on
    from asked e left join shared s using (error_code, cause, error_group)
    group by e.error_code, e.cause, s.error_group
    order by build_count desc, e.error_code, e.cause, s.error_group limit 100`
}

const postgres = await startTemporaryPostgres()
await applyMigrations({ databaseUrl: postgres.databaseUrl })
const sql = connect(postgres.databaseUrl, { max: 1 })
const store = storeOn(sql)
const counts = store.errorCounts
try {
  await fill(sql, { builds, errors, years })
  const filled = Date.now()
  console.log(`filled in ${Math.round((filled - now) / 1000)} s`)
  let days = 0
  while (await counts.recount({ settle_seconds: 0 })) {
    days++
    // As autovacuum does; it would wait for a minute first.
    if (days === 8 || days % 100 === 0) await sql`analyze error_kinds, error_periods, error_counts`
  }
  const recountSeconds = (Date.now() - filled) / 1000
  console.log(`counted ${days} days in ${recountSeconds} s`)
  await sql`vacuum analyze`
  // What was filled in is on its way to the disk, and would be during the questions too.
  await sql`checkpoint`

  const times = { top: [], trend: [], new_since: [], naive_top: [] } as Record<string, number[]>
  const asks = { min_accounts: MIN_ACCOUNTS, limit: 100 }
  let compared = 0
  for (let i = 0; i < queries; i++) {
    const range = randomRange()
    const top = await timed(times['top'] ?? [], () => counts.selectTop({ ...range, ...asks }))
    if (i % 10 === 0) {
      const rows = await timed(times['naive_top'] ?? [], () => naiveTop(sql, range))
      const counted = top.errors.map(({ fault: _, ...row }) => row)
      if (JSON.stringify(counted.map(inOrder)) !== JSON.stringify(rows.map(inOrder))) {
        throw new Error(`The list of ${JSON.stringify(range)} differs from the rows`)
      }
      compared++
    }
    const [kind] = top.errors.filter((row) => row.error_group !== null)
    if (kind?.error_group) {
      const { error_code, error_group } = kind
      const trend = { ...randomRange(), error_code, error_group, min_accounts: MIN_ACCOUNTS }
      const interval = trend.to.getTime() - trend.from.getTime() > 400 * 864e5 ? 'week' : 'day'
      await timed(times['trend'] ?? [], () => counts.selectTrend({ ...trend, interval }))
    }
    const since = randomRange({ longest: SPAN_MS / 4 })
    await timed(times['new_since'] ?? [], () =>
      counts.selectNews({ from: since.from, to: since.to, min_ratio: 3, ...asks }),
    )
  }
  const [rows] = await sql`
    select (select count(*) from builds) as builds, (select count(*) from build_errors) as errors,
      (select count(*) from error_counts) as counts`
  const result = Object.fromEntries(
    Object.entries(times).map(([kind, all]) => [
      kind,
      { n: all.length, p50_ms: percentile(all, 0.5), p95_ms: percentile(all, 0.95) },
    ]),
  )
  console.log(
    JSON.stringify({
      ...result,
      answers_compared: compared,
      rows,
      years,
      recount_ms_per_day: Math.round((recountSeconds * 1000) / Math.max(days, 1)),
    }),
  )
} finally {
  await sql.end()
  await postgres.stop()
}

function inOrder(row: object) {
  return Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
