import { DetectedError } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from './sql.ts'

/** An error as it is stored; whoever shows it looks up its title. */
export const StoredError = DetectedError.omit({ title: true })
export type StoredError = z.infer<typeof StoredError>

/** How many builds of an account have an unexplained group. */
export const UnclassifiedCount = z.object({
  error_group: z.string(),
  account_id: z.string(),
  build_count: z.int(),
})
export type UnclassifiedCount = z.infer<typeof UnclassifiedCount>

/** The code of errors that no signature explains. */
export const UNCLASSIFIED = 'unclassified'

export type BuildErrorStore = ReturnType<typeof buildErrorStore>

/** One row per build, error code and error group. */
export function buildErrorStore(sql: Sql) {
  return {
    /** The errors of a build, root cause first. */
    async selectByBuild(build_id: number): Promise<StoredError[]> {
      const rows = await sql`
        select error_code, error_group, cause, fault, step, line, confidence
        from build_errors where build_id = ${build_id} order by rank`
      return z.array(StoredError).parse(rows)
    },

    /** The unexplained groups of the builds that stopped in `[from, to)`, largest first. */
    async selectUnclassified(range: {
      from: Date
      to: Date
      limit: number
    }): Promise<UnclassifiedCount[]> {
      const rows = await sql`
        select error_group, account_id, count(*) as build_count from build_errors
        where stopped_on >= ${range.from} and stopped_on < ${range.to}
          and error_code = ${UNCLASSIFIED}
        group by error_group, account_id
        order by build_count desc, error_group, account_id
        limit ${range.limit}`
      return z.array(UnclassifiedCount).parse(rows)
    },
  }
}
