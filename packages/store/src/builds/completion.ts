import { INCOMPLETE_REASONS } from '@workers-builds/contracts'
import { z } from 'zod'
import type { Sql } from '../sql.ts'

export type CompletionInterval = 'hour' | 'day' | 'week'

/** `not_stopped` stands for builds that are past their limit and not over. */
const INCOMPLETE: readonly string[] = [...INCOMPLETE_REASONS, 'not_stopped']

const Row = z.object({
  period: z.date(),
  is_complete: z.boolean(),
  /** `not_stopped` for a build that is past its limit and has not been stopped. */
  reason: z.string().nullable(),
  build_count: z.int(),
})
export type CompletionRow = z.infer<typeof Row>

/** How many of the builds that we started we also saw through. */
export function completionStatements(sql: Sql) {
  return {
    /**
     * A build is complete when we started it, attempted the install, attempted the user's commands
     * and recorded the stop; where the install itself failed, that is the user's error and complete
     * too. What is the platform's is not, however far it came. Builds that were skipped or cancelled
     * do not count, nor do those that are still under way within their limit. For a stopped build
     * it is the rule of `isCompleteBuild`.
     */
    async selectCompletion({
      from,
      to,
      interval,
    }: {
      from: Date
      to: Date
      interval: CompletionInterval
    }): Promise<CompletionRow[]> {
      const rows = await sql`
        with started as (
          select build_id, build_outcome, initializing_on,
            case when status = 'stopped' then failure_reason else 'not_stopped' end as reason
          from builds
          where initializing_on >= ${from} and initializing_on < ${to}
            and (status = 'stopped' or overdue_on < now())
            and build_outcome is distinct from 'skipped'
            and build_outcome is distinct from 'cancelled'
        ), judged as (
          select initializing_on, reason,
            coalesce(reason not in ${sql(INCOMPLETE)}, true)
            and exists (select from build_steps s
              where s.build_id = started.build_id and s.step = 'installing')
            and (build_outcome = 'success' or reason = 'install_failed'
              or exists (select from build_steps s
                where s.build_id = started.build_id and s.step in ('building', 'deploying')))
            as is_complete
          from started
        )
        select date_trunc(${interval}, initializing_on, 'UTC') as period, is_complete, reason,
          count(*) as build_count
        from judged group by 1, 2, 3 order by 1, 2, 3`
      return rows.map((row) => Row.parse(row))
    },
  }
}
