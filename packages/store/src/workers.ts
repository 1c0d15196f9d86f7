import { z } from 'zod'
import type { Sql } from './sql.ts'

export const WorkerRow = z.object({
  script_tag: z.string(),
  account_id: z.string(),
  script_name: z.string(),
  created_on: z.date(),
  modified_on: z.date(),
})
export type WorkerRow = z.infer<typeof WorkerRow>

export type WorkerStore = ReturnType<typeof workerStore>

/** Workers. Methods ignore deleted ones unless their comment says otherwise. */
export function workerStore(sql: Sql) {
  const columns = sql`script_tag, account_id, script_name, created_on, modified_on`

  return {
    async selectByName(worker: {
      account_id: string
      script_name: string
    }): Promise<WorkerRow | undefined> {
      const [row] = await sql`
        select ${columns} from workers
        where account_id = ${worker.account_id} and script_name = ${worker.script_name}
          and deleted_on is null`
      return row && WorkerRow.parse(row)
    },

    /** The tag of the Worker of this name; one that is being erased, where no other has its name. */
    async selectTag(worker: {
      account_id: string
      script_name: string
    }): Promise<string | undefined> {
      const [row] = await sql<{ script_tag: string }[]>`
        select script_tag from workers
        where account_id = ${worker.account_id} and script_name = ${worker.script_name}
        order by deleted_on desc nulls first
        limit 1`
      return row?.script_tag
    },

    /** Whether the account has a Worker of this tag, deleted or not. */
    async exists(worker: { account_id: string; script_tag: string }): Promise<boolean> {
      const rows = await sql`
        select from workers
        where script_tag = ${worker.script_tag} and account_id = ${worker.account_id}`
      return rows.length > 0
    },

    /** The Worker of this tag, locked until the transaction ends. */
    async lock(worker: { account_id: string; script_tag: string }): Promise<WorkerRow | undefined> {
      const [row] = await sql`
        select ${columns} from workers
        where account_id = ${worker.account_id} and script_tag = ${worker.script_tag}
          and deleted_on is null
        for no key update`
      return row && WorkerRow.parse(row)
    },

    /** Adds a Worker; undefined when its tag or its name is taken. */
    async insert(worker: {
      account_id: string
      script_tag: string
      script_name: string
    }): Promise<WorkerRow | undefined> {
      const [row] = await sql`
        insert into workers ${sql(worker)} on conflict do nothing returning ${columns}`
      return row && WorkerRow.parse(row)
    },

    /** An account's Workers by name. */
    async selectByAccount(of: {
      account_id: string
      page: number
      per_page: number
    }): Promise<{ workers: WorkerRow[]; total_count: number }> {
      const [rows, [total]] = await Promise.all([
        sql`
          select ${columns} from workers
          where account_id = ${of.account_id} and deleted_on is null
          order by script_name
          limit ${of.per_page} offset ${(of.page - 1) * of.per_page}`,
        sql<{ total_count: number }[]>`
          select count(*) as total_count from workers
          where account_id = ${of.account_id} and deleted_on is null`,
      ])
      return { workers: z.array(WorkerRow).parse(rows), total_count: total?.total_count ?? 0 }
    },
  }
}
