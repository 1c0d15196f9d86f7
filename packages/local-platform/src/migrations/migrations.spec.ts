import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createDatabaseFrom,
  type RunningPostgres,
  startTemporaryPostgres,
} from '../postgres/index.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { applyMigrations } from './index.ts'

let server: RunningPostgres

beforeAll(async () => {
  server = await startTemporaryPostgres()
})

afterAll(() => server.stop())

async function tablesOf(databaseUrl: string): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const rows = await sql`select tablename from pg_tables where schemaname = 'public'`
    return rows.map(({ tablename }) => String(tablename))
  } finally {
    await sql.end()
  }
}

describe('applyMigrations', () => {
  test('makes the tables, and does nothing the second time', async () => {
    const { databaseUrl } = server
    await applyMigrations({ databaseUrl })
    const tables = await tablesOf(databaseUrl)
    expect(tables).toContain('builds')
    await applyMigrations({ databaseUrl })
    expect(await tablesOf(databaseUrl)).toEqual(tables)
  })

  test('reports what is wrong with a migration, which has changed nothing', async () => {
    const folder = await temporaryFolder()
    const migration =
      '-- migrate:up\ncreate table a (id int);\nselect no_such_column;\n-- migrate:down\n'
    await writeFile(join(folder, '0001_broken.sql'), migration)
    const databaseUrl = await createDatabaseFrom({
      ...server,
      template: 'template1',
      name: 'broken',
    })
    await expect(applyMigrations({ databaseUrl, folder })).rejects.toThrow('no_such_column')
    expect(await tablesOf(databaseUrl)).not.toContain('a')
  })
})
