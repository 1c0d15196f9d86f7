import type { Sql } from './sql.ts'

export type MigrationStore = ReturnType<typeof migrationStore>

/**
 * The numbers of the migrations that this release expects: every file in /migrations. The Workers cannot
 * read that folder, so they are listed here, and a test compares.
 */
export const MIGRATIONS =
  '0001 0002 0003 0004 0005 0006 0007 0008 0009 0010 0012 0013 0014 0015 0016 0017 0018 0019 0020 0021 0022 0023 0024'.split(
    ' ',
  )

/** The migrations that dbmate has recorded as applied. */
export function migrationStore(sql: Sql) {
  return {
    /** The expected migrations that the database does not have; it may have later ones. */
    async selectMissing(): Promise<string[]> {
      const rows = await sql<{ version: string }[]>`select version from schema_migrations`
      const applied = new Set(rows.map(({ version }) => version))
      return MIGRATIONS.filter((version) => !applied.has(version))
    },
  }
}
