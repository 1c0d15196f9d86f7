import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Sql } from './sql.ts'
import { useDatabase } from './testing/database.ts'

const { sql } = useDatabase()

const FOLDER = new URL('../sql/', import.meta.url)
const files = (await readdir(FOLDER)).sort()

/** The functions and triggers of the database by their names, as Postgres defines them. */
async function readDefinitions(client: Sql): Promise<Record<string, string>> {
  const rows = await client<{ name: string; definition: string }[]>`
    select proname as name, pg_get_functiondef(oid) as definition from pg_proc
    where pronamespace = 'public'::regnamespace
    union all
    select t.tgname, pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
    order by name`
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
  return Object.fromEntries(rows.map(({ name, definition }) => [name, definition]))
}

test('each function and trigger of the database has a file, and each file is of one', async () => {
  const names = Object.keys(await readDefinitions(sql)).sort()
  expect(files).toEqual(names.map((name) => `${name}.sql`))
})

test('each file is the text that the migrations made', async () => {
  const undo = new Error('undo')
  const applied = sql.begin(async (tx) => {
    const client = tx as unknown as Sql
    const migrated = await readDefinitions(client)
    for (const file of files) {
      await client.unsafe(await readFile(new URL(file, FOLDER), 'utf8'))
      expect(await readDefinitions(client), file).toEqual(migrated)
    }
    throw undo
  })
  await expect(applied).rejects.toBe(undo)
})
