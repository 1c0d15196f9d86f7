import type { Sql } from './sql.ts'

export type SealedValueStore = ReturnType<typeof sealedValueStore>

/** Who holds the keys: client those of webhook secrets, build-management those of all others. */
export type KeyringName = 'webhook' | 'build'

/** A column of sealed values, and the columns that name their row, as the seal has it. */
export type SealedColumn = {
  keyring: KeyringName
  table: string
  column: string
  row: readonly [string, ...string[]]
}

/** Every column that holds sealed values; a test compares them with the schema. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    keyring: 'webhook',
    table: 'repo_connections',
    column: 'webhook_secret_sealed',
    row: ['repo_connection_uuid'],
  },
  {
    keyring: 'build',
    table: 'build_tokens',
    column: 'build_token_secret_sealed',
    row: ['build_token_uuid'],
  },
  {
    keyring: 'build',
    table: 'environment_variables',
    column: 'value_sealed',
    row: ['trigger_uuid', 'key'],
  },
  { keyring: 'build', table: 'git_grants', column: 'access_token_sealed', row: ['grant_id'] },
  { keyring: 'build', table: 'git_grants', column: 'refresh_token_sealed', row: ['grant_id'] },
  {
    keyring: 'build',
    table: 'event_subscriptions',
    column: 'secret_sealed',
    row: ['event_subscription_id'],
  },
]

export type SealedValue = { row: string; sealed: string }

/** Sealed values wherever they are stored. A sealed value is `v1.<key id>.<ciphertext>`. */
export function sealedValueStore(sql: Sql) {
  /** The row as the seal names it: `a` or `a|b`. */
  const rowOf = ({ row: [first, ...others] }: SealedColumn) =>
    others.reduce(
      (named, name) => sql`${named} || '|' || ${sql(name)}::text`,
      sql`${sql(first)}::text`,
    )
  const keyIdOf = ({ column }: SealedColumn) => sql`split_part(${sql(column)}, '.', 2)`

  return {
    /** How many values of a column each key has sealed. */
    async countByKey(of: SealedColumn): Promise<{ key_id: string; count: number }[]> {
      return await sql<{ key_id: string; count: number }[]>`
        select ${keyIdOf(of)} as key_id, count(*) as count from ${sql(of.table)}
        where ${sql(of.column)} is not null group by 1 order by 1`
    },

    /** Values that another key than `key_id` has sealed, of rows behind `after`. */
    async selectSealedWithOthers(
      of: SealedColumn,
      { key_id, after, limit }: { key_id: string; after: string; limit: number },
    ): Promise<SealedValue[]> {
      return await sql<SealedValue[]>`
        select ${rowOf(of)} as row, ${sql(of.column)} as sealed from ${sql(of.table)}
        where ${sql(of.column)} is not null and ${keyIdOf(of)} <> ${key_id}
          and (${rowOf(of)}) collate "C" > ${after}
        order by (${rowOf(of)}) collate "C" limit ${limit}`
    },

    /** Puts `resealed` in the place of `sealed`; false when that has changed, or gone, meanwhile. */
    async replace(
      of: SealedColumn,
      { row, sealed }: SealedValue,
      resealed: string,
    ): Promise<boolean> {
      const { count } = await sql`
        update ${sql(of.table)} set ${sql(of.column)} = ${resealed}
        where ${rowOf(of)} = ${row} and ${sql(of.column)} = ${sealed}`
      return count === 1
    },
  }
}
