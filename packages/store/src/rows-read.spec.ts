/** Statements that are asked again and again, whatever history there is, read only what they are about. */
import { describe, expect, test } from 'vitest'
import type { Sql } from './sql.ts'
import { type Store, storeOn } from './store.ts'
import { useDatabase } from './testing/database.ts'

const { createFailedBuilds, sql, store } = useDatabase()

const HISTORY = 5_000
const ASKED = 100

/** How many rows of builds and of their scans Postgres reads for `work`; planning reads a few. */
async function rowsRead(work: (store: Store) => Promise<unknown>): Promise<number> {
  return await sql.begin(async (tx) => {
    const count = async () => {
      const [row] = await tx<{ rows: number }[]>`
        select sum(seq_tup_read + idx_tup_fetch)::integer as rows from pg_stat_xact_user_tables
        where relname in ('builds', 'build_error_scans')`
      return row?.rows ?? Number.NaN
    }
    const before = await count()
    await work(storeOn(tx as unknown as Sql))
    return (await count()) - before
  })
}

/** So many builds that failed and were scanned, of which Postgres knows how many there are. */
async function createHistory(): Promise<number[]> {
  const build_ids = await createFailedBuilds(HISTORY)
  const scans = build_ids.map((build_id) => ({
    build_id,
    outcome: 'no_log' as const,
    detector_version: 1,
    lines_read: 0,
    errors: [],
  }))
  await store.buildErrorScans.replace(scans)
  await sql`analyze`
  return build_ids
}

describe('a look of a backfill', () => {
  test('reads the builds of its range and their scans', async () => {
    const build_ids = await createHistory()
    const [min_build_id = 0, max_build_id = 0] = [build_ids[0], build_ids.at(-1)]
    const run = {
      min_build_id,
      max_build_id,
      older_than_detector_version: null,
      error_codes: null,
      account_ids: null,
      builds_per_second: null,
      started_on: new Date(Date.now() + 60_000),
    }
    const last = { after: max_build_id - ASKED, through: max_build_id }
    const counted = await rowsRead(async ({ backfills }) => {
      expect(await backfills.countUnscanned(run, last)).toMatchObject({ count: ASKED })
    })
    expect(counted).toBeLessThan(3 * ASKED)
    const next = { after: max_build_id - 2 * ASKED, through: max_build_id, limit: ASKED }
    const selected = await rowsRead(async ({ backfills }) => {
      expect(await backfills.selectUnscanned(run, next)).toHaveLength(ASKED)
    })
    expect(selected).toBeLessThan(5 * ASKED)
  })
})

describe('a pass of Scheduler', () => {
  test('looks at no build while there is nothing to erase', async () => {
    await createHistory()
    const read = await rowsRead(async ({ deletions }) => {
      expect(await deletions.selectBuilds({ after: 0, limit: ASKED })).toEqual([])
    })
    expect(read).toBeLessThan(ASKED)
  })
})
