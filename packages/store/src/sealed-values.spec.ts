import { expect, test } from 'vitest'
import { SEALED_COLUMNS } from './sealed-values.ts'
import { useDatabase } from './testing/database.ts'

const { store, sql, createTenant } = useDatabase()

const [WEBHOOK_SECRETS] = SEALED_COLUMNS
const VARIABLES = SEALED_COLUMNS.find(({ table }) => table === 'environment_variables')
if (WEBHOOK_SECRETS === undefined || VARIABLES === undefined) throw new Error('no such columns')

test('every column of sealed values is known, and every known one is there', async () => {
  const columns = await sql<{ name: string }[]>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and column_name like '%sealed'`
  const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)
  expect(known.toSorted()).toEqual(columns.map(({ name }) => name).toSorted())
  for (const of of SEALED_COLUMNS) {
    await store.sealedValues.countByKey(of)
    await store.sealedValues.selectSealedWithOthers(of, { key_id: 'k', after: '', limit: 1 })
  }
})

test('values are counted by key, and those of other keys are found page by page', async () => {
  await sql`truncate accounts cascade`
  const rows: string[] = []
  for (const key of ['old', 'old', 'new', 'older', 'old']) {
    const tenant = await createTenant({ webhook_secret_sealed: `v1.${key}.abc` })
    if (key !== 'new') rows.push(tenant.repo_connection_uuid)
  }
  expect(await store.sealedValues.countByKey(WEBHOOK_SECRETS)).toEqual([
    { key_id: 'new', count: 1 },
    { key_id: 'old', count: 3 },
    { key_id: 'older', count: 1 },
  ])
  const found: string[] = []
  for (;;) {
    const after = found.at(-1) ?? ''
    const page = { key_id: 'new', after, limit: 2 }
    const values = await store.sealedValues.selectSealedWithOthers(WEBHOOK_SECRETS, page)
    if (values.length === 0) break
    found.push(...values.map(({ row }) => row))
  }
  expect(found).toEqual(rows.toSorted())
})

test('a value is replaced only while it is the one that was read', async () => {
  const { trigger_uuid } = await createTenant()
  const variable = { trigger_uuid, key: 'TOKEN', is_secret: true, value_sealed: 'v1.old.abc' }
  await sql`insert into environment_variables ${sql(variable)}`
  const page = { key_id: 'new', after: '', limit: 100 }
  const values = await store.sealedValues.selectSealedWithOthers(VARIABLES, page)
  const value = values.find(({ row }) => row === `${trigger_uuid}|TOKEN`)
  if (value === undefined) throw new Error('the variable was not found')
  expect(await store.sealedValues.replace(VARIABLES, value, 'v1.new.def')).toBe(true)
  expect(await store.sealedValues.replace(VARIABLES, value, 'v1.new.ghi')).toBe(false)
  const [row] = await sql`
    select value_sealed from environment_variables where trigger_uuid = ${trigger_uuid}`
  expect(row).toEqual({ value_sealed: 'v1.new.def' })
})
