/** Looks at all builds again and again while everything goes on, for what must never be. */
import { setTimeout as pause } from 'node:timers/promises'
import { CONCURRENCY, type System } from './system.ts'

const LOOK_MS = 400

export interface Watch {
  /** What was seen that must not be. */
  complaints: string[]
  /** How many builds of those that are there are not over, as of the last look. */
  unfinished(): number
  stop(): Promise<void>
}

export function watchBuilds({ query }: System): Watch {
  const complaints: string[] = []
  const ends = new Map<number, string>()
  let unfinished = 0
  let isOver = false

  async function look(): Promise<void> {
    const { builds, accounts } = await query(async (sql) => ({
      builds: await sql<{ build_id: number; status: string; end: string }[]>`
        select build_id, status, concat(build_outcome, ' ', failure_reason) as end from builds`,
      accounts: await sql<{ account_name: string; active: number }[]>`
        select account_name, count(*) as active from builds join accounts using (account_id)
        where claimed_on is not null and status <> 'stopped' group by account_name`,
    }))
    unfinished = builds.filter(({ status }) => status !== 'stopped').length
    for (const { build_id, status, end } of builds) {
      const before = ends.get(build_id)
      if (before !== undefined && before !== end) {
        complaints.push(`build ${build_id} ended as ${before}, and then became ${status} ${end}`)
      }
      if (status === 'stopped') ends.set(build_id, end)
    }
    for (const { account_name, active } of accounts) {
      if (active > CONCURRENCY) complaints.push(`${account_name} ran ${active} builds at once`)
    }
  }

  const looking = (async () => {
    while (!isOver) {
      await look().catch(() => {}) // the database is down
      await pause(LOOK_MS)
    }
  })()
  return {
    complaints,
    unfinished: () => unfinished,
    async stop() {
      isOver = true
      await looking
      await look()
    },
  }
}
