import type { EnvironmentVariables } from '@workers-builds/contracts'
import type { Sql } from './sql.ts'

/** A variable as it is stored: a secret sealed, anything else as it is. */
export type StoredVariable = { key: string } & (
  | { is_secret: false; value: string; value_sealed: null }
  | { is_secret: true; value: null; value_sealed: string }
)

export type EnvironmentVariableStore = ReturnType<typeof environmentVariableStore>

/** The variables that a trigger's builds run with. */
export function environmentVariableStore(sql: Sql) {
  return {
    /** All of them by name; a secret's value is null. */
    async selectByTrigger(trigger_uuid: string): Promise<EnvironmentVariables> {
      const rows = await sql<
        { key: string; is_secret: boolean; value: string | null; created_on: Date }[]
      >`
        select key, is_secret, value, created_on from environment_variables
        where trigger_uuid = ${trigger_uuid} order by key collate "C"`
      return Object.fromEntries(
        rows.map(({ key, created_on, ...variable }) => [
          key,
          { ...variable, created_on: created_on.toISOString() },
        ]),
      )
    },

    /** Adds variables, or changes the values of existing ones. */
    async upsert(trigger_uuid: string, variables: StoredVariable[]): Promise<void> {
      if (variables.length === 0) return
      await sql`
        insert into environment_variables (trigger_uuid, key, is_secret, value, value_sealed)
        select ${trigger_uuid}, v.key, v.is_secret, v.value, v.value_sealed
        from jsonb_to_recordset(${sql.json(variables)})
          as v (key text, is_secret boolean, value text, value_sealed text)
        on conflict (trigger_uuid, key) do update
        set is_secret = excluded.is_secret, value = excluded.value,
          value_sealed = excluded.value_sealed`
    },

    /** Removes variables; returns how many there were. */
    async delete(trigger_uuid: string, keys: string[]): Promise<number> {
      if (keys.length === 0) return 0
      const rows = await sql`
        delete from environment_variables
        where trigger_uuid = ${trigger_uuid} and key in ${sql(keys)} returning key`
      return rows.length
    },
  }
}
