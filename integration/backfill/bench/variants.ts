/** What is measured: the same builds, scanned in the published ways, in ours, or only read. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Backfill } from '@workers-builds/contracts'
import { RESET_STATEMENTS } from '@workers-builds/local-platform/hyperdrive'
import type { Lab } from '../lab/lab.ts'
import type { Counts, Matching, ReadResult } from '../lab/protocol.ts'

/** What one variant came to over `builds` builds. */
export interface Measured {
  builds: number
  /** From the first build that was done to the last. */
  ms_per_build: number
  /** The same, from the call that began it all. */
  ms_per_build_from_call: number
  pg_statements_per_build: number
  do_requests_per_build: number
}

export type Variant = (lab: Lab, build_ids: number[]) => Promise<Measured>
export type VariantName = keyof typeof VARIANTS

/** As many as the consumer reads; half, and three quarters, came to the same. */
const FLOOR_CONCURRENCY = 32
/** As many in one request: one that asked for 50,000 ran out of open files. */
const FLOOR_PORTION = 1_000
const POLL_MS = 100
const PATIENCE_MS = 60 * 60_000

export const VARIANTS = {
  floor,
  ours,
  ours_without_good_builds: oursWithoutGoodBuilds,
  published: published('printed'),
  published_with_our_detector: published('ours'),
} satisfies Record<string, Variant>

/** Only opens each build's object and reads its log. */
async function floor(lab: Lab, build_ids: number[]): Promise<Measured> {
  return await measure(lab, build_ids, async () => {
    let [first_ms, last_ms] = [0, 0]
    for (let at = 0; at < build_ids.length; at += FLOOR_PORTION) {
      const portion = build_ids.slice(at, at + FLOOR_PORTION)
      const body = { build_ids: portion, concurrency: FLOOR_CONCURRENCY }
      const read = await lab.ask<ReadResult>('/lab/read', body)
      first_ms ||= read.first_ms
      last_ms += read.last_ms
    }
    return { first_ms, last_ms, done_at_first: 1 }
  })
}

/** One call of our API; done when the run says that it is. */
async function ours(lab: Lab, build_ids: number[]): Promise<Measured> {
  return await measure(lab, build_ids, async () => {
    const { backfill_id, started_on } = await lab.startBackfill(rangeOf(build_ids))
    await until(async () => {
      const [row] = await lab.sql<Pick<Backfill, 'status'>[]>`
        /* lab */ select status from backfills where backfill_id = ${backfill_id}`
      return row?.status === 'completed'
    })
    return await timesOf(lab, build_ids, {
      done: lab.sql`select build_id, scanned_on as done_on from build_error_scans`,
      since: new Date(started_on),
    })
  })
}

/** Ours where no trigger has a good build that could be a witness. */
async function oursWithoutGoodBuilds(lab: Lab, build_ids: number[]): Promise<Measured> {
  await lab.sql`
    /* lab */ update builds set build_outcome = 'cancelled' where build_outcome = 'success'`
  const measured = await ours(lab, build_ids)
  await lab.sql`
    /* lab */ update builds set build_outcome = 'success' where build_outcome = 'cancelled'`
  return measured
}

/** The published agent and its consumer, which leaves no trace of a build in which it finds nothing. */
function published(matching: Matching): Variant {
  return async (lab, build_ids) => {
    await lab.sql`/* lab */ drop table if exists published_build_errors`
    await lab.sql`
      /* lab */ create table published_build_errors (build_id bigint not null,
        error_code text not null, error_group text not null)`
    await lab.sql`/* lab */ create index on published_build_errors (build_id)`
    // A backfill of history finds the errors of the last one, which it replaces.
    await lab.sql`
      /* lab */ insert into published_build_errors
      select build_id, error_code, error_group from build_errors`
    await lab.sql`/* lab */ vacuum analyze published_build_errors`
    return await measure(lab, build_ids, async () => {
      const since = Date.now()
      await lab.ask('/lab/published', { ...rangeOf(build_ids), matching })
      const isDone = async () =>
        (await lab.ask<number>('/lab/published/count')) === build_ids.length
      await until(isDone)
      const done = await lab.ask<number[]>('/lab/published/done')
      const [first = 0, last = 0] = [Math.min(...done), Math.max(...done)]
      return {
        first_ms: first - since,
        last_ms: last - since,
        done_at_first: done.filter((ms) => ms === first).length,
      }
    })
  }
}

function rangeOf(build_ids: number[]) {
  return { min_build_id: build_ids[0] ?? 0, max_build_id: build_ids.at(-1) ?? 0 }
}

type Times = { first_ms: number; last_ms: number; done_at_first: number }

async function measure(
  lab: Lab,
  build_ids: number[],
  work: () => Promise<Times>,
): Promise<Measured> {
  const builds = build_ids.length
  await lab.sql`/* lab */ select pg_stat_statements_reset()`
  const before = await lab.ask<Counts>('/lab/counts')
  const { first_ms, last_ms, done_at_first } = await work()
  const after = await lab.ask<Counts>('/lab/counts')
  const [statements] = await lab.sql<{ calls: number }[]>`
    /* lab */ select coalesce(sum(calls), 0)::bigint as calls from pg_stat_statements
    where query not like '/* lab%' and query not in ${lab.sql(RESET_STATEMENTS)}`
  return {
    builds,
    ms_per_build: (last_ms - first_ms) / (builds - done_at_first),
    ms_per_build_from_call: last_ms / builds,
    pg_statements_per_build: (statements?.calls ?? 0) / builds,
    do_requests_per_build: (after.do_requests - before.do_requests) / builds,
  }
}

/** When, after `since`, the first builds were done, and how many with it, and when the last. */
async function timesOf(
  lab: Lab,
  build_ids: number[],
  { done, since }: { done: ReturnType<Lab['sql']>; since: Date },
): Promise<Times> {
  const { min_build_id, max_build_id } = rangeOf(build_ids)
  const rows = await lab.sql<{ ms: number; n: number }[]>`
    /* lab */ select extract(epoch from done_on - ${since}) * 1000 as ms, count(*) as n
    from (${done}) as done
    where done_on >= ${since} and build_id between ${min_build_id} and ${max_build_id}
    group by 1 order by 1`
  const total = rows.reduce((sum, { n }) => sum + n, 0)
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined || total !== build_ids.length) {
    throw new Error(`${total} of ${build_ids.length} builds were done`)
  }
  return { first_ms: Number(first.ms), last_ms: Number(last.ms), done_at_first: first.n }
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`not done after ${PATIENCE_MS} ms`)
    await pause(POLL_MS)
  }
}
