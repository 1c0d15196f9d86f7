import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { MIGRATIONS, migrationStore } from './migrations.ts'
import type { Sql } from './sql.ts'
import { useDatabase } from './testing/database.ts'

const { sql, store } = useDatabase()

test('every migration of the repository is expected, and applied', async () => {
  const files = await readdir(new URL('../../../migrations', import.meta.url))
  const numbers = files.filter((file) => file.endsWith('.sql')).map((file) => file.split('_')[0])
  expect(MIGRATIONS).toEqual(numbers.toSorted())
  expect(await store.migrations.selectMissing()).toEqual([])
})

test('a migration that the database does not have is named; a later one does no harm', async () => {
  const undo = new Error('undo')
  const tried = sql.begin(async (tx) => {
    await tx`delete from schema_migrations where version = '0003'`
    await tx`insert into schema_migrations (version) values ('9999')`
    expect(await migrationStore(tx as unknown as Sql).selectMissing()).toEqual(['0003'])
    throw undo
  })
  await expect(tried).rejects.toBe(undo)
})
