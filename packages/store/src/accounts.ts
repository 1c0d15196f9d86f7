import type { Sql } from './sql.ts'

export type AccountStore = ReturnType<typeof accountStore>

export function accountStore(sql: Sql) {
  return {
    /** The names of those of these accounts that exist. */
    async selectNames(account_ids: string[]) {
      if (account_ids.length === 0) return []
      return await sql<{ account_id: string; account_name: string }[]>`
        select account_id, account_name from accounts
        where account_id in ${sql(account_ids)} order by account_name, account_id`
    },

    /**
     * An account's plan, and the minutes that its builds have run since the month (UTC) began,
     * those under way included; undefined when there is no such account.
     */
    async selectUsage(account_id: string) {
      const [row] = await sql<
        { plan: 'free' | 'paid'; build_minutes_used: number; refresh_on: Date }[]
      >`
        with month as (
          select date_trunc('month', now(), 'UTC') as begins,
            date_trunc('month', now(), 'UTC') + interval '1 month' as ends)
        select a.plan, month.ends as refresh_on, (
          select coalesce(sum(extract(epoch from
            coalesce(b.stopped_on, now()) - greatest(b.initializing_on, month.begins))), 0) / 60
          from builds b
          where b.account_id = a.account_id and b.initializing_on is not null
            and (b.stopped_on is null or b.stopped_on > month.begins))::float8 as build_minutes_used
        from accounts a, month
        where a.account_id = ${account_id}`
      return row
    },
  }
}
