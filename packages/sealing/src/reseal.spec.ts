import { expect, test } from 'vitest'
import { parseKeyring, resealSome } from './index.ts'

const key = (id: string) => `${id}:${btoa(id.repeat(32).slice(0, 32))}`
const COLUMNS = [
  { table: 'tokens', column: 'secret_sealed' },
  { table: 'variables', column: 'value_sealed' },
]

/** Rows in memory, addressed as the tables are. */
function storeOf(rows: Map<string, string>) {
  const address = (of: { table: string; column: string }, row: string) =>
    `${of.table} ${row} ${of.column}`
  return {
    async selectSealedWithOthers(
      of: { table: string; column: string },
      { key_id, after, limit }: { key_id: string; after: string; limit: number },
    ) {
      return [...rows]
        .map(([where, sealed]) => ({ parts: where.split(' '), sealed }))
        .filter(({ parts: [table, , column] }) => table === of.table && column === of.column)
        .map(({ parts: [, row = ''], sealed }) => ({ row, sealed }))
        .filter(({ row, sealed }) => sealed.split('.')[1] !== key_id && row > after)
        .toSorted((a, b) => (a.row < b.row ? -1 : 1))
        .slice(0, limit)
    },
    async replace(
      of: { table: string; column: string },
      { row, sealed }: { row: string; sealed: string },
      resealed: string,
    ) {
      if (rows.get(address(of, row)) !== sealed) return false
      rows.set(address(of, row), resealed)
      return true
    },
  }
}

async function sealedRows(keyring: string, count: number) {
  const rows = new Map<string, string>()
  const ring = parseKeyring(keyring)
  for (let i = 0; i < count; i++) {
    const { table, column } = COLUMNS[i % 2] ?? { table: '', column: '' }
    const row = `row-${String(i).padStart(3, '0')}`
    rows.set(`${table} ${row} ${column}`, await ring.seal(`secret ${i}`, { table, row, column }))
  }
  return rows
}

test('in batches every value is sealed with the new key, and opens without the old one', async () => {
  const rows = await sealedRows(key('old'), 25)
  const both = parseKeyring(`${key('new')},${key('old')}`)
  const batches: number[] = []
  for (;;) {
    const store = storeOf(rows)
    const { resealed, unopened } = await resealSome(COLUMNS, { keyring: both, store, limit: 10 })
    expect(unopened).toEqual([])
    batches.push(resealed)
    if (resealed === 0) break
  }
  expect(batches).toEqual([10, 10, 5, 0])
  const onlyNew = parseKeyring(key('new'))
  for (const [where, sealed] of rows) {
    const [table = '', row = '', column = ''] = where.split(' ')
    const opened = await onlyNew.open(sealed, { table, row, column })
    expect(opened).toBe(`secret ${Number(row.slice(4))}`)
  }
})

test('a value that no key opens is reported, stays as it is, and holds back no other', async () => {
  const rows = await sealedRows(key('lost'), 4)
  for (const [where, sealed] of await sealedRows(key('old'), 12)) {
    if (!rows.has(where)) rows.set(where, sealed)
  }
  const before = new Map(rows)
  const keyring = parseKeyring(`${key('new')},${key('old')}`)
  const result = await resealSome(COLUMNS, { keyring, store: storeOf(rows), limit: 100 })
  expect(result.resealed).toBe(8)
  expect(result.unopened.map(({ row }) => row).toSorted()).toEqual([
    'row-000',
    'row-001',
    'row-002',
    'row-003',
  ])
  for (const { table, row, column } of result.unopened) {
    const where = `${table} ${row} ${column}`
    expect(rows.get(where)).toBe(before.get(where))
  }
})

test('a value that changes meanwhile is not overwritten', async () => {
  const rows = await sealedRows(key('old'), 1)
  const [where = ''] = rows.keys()
  const store = storeOf(rows)
  const keyring = parseKeyring(`${key('new')},${key('old')}`)
  const result = await resealSome(COLUMNS, {
    keyring,
    limit: 10,
    store: {
      selectSealedWithOthers: async (...args) => {
        const values = await store.selectSealedWithOthers(...args)
        if (values.length > 0) rows.set(where, 'v1.new.written-meanwhile')
        return values
      },
      replace: store.replace,
    },
  })
  expect(result).toEqual({ resealed: 0, unopened: [] })
  expect(rows.get(where)).toBe('v1.new.written-meanwhile')
})
