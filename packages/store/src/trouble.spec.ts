import { isRollback } from '@workers-builds/postgres-protocol/trouble'
import { afterAll, describe, expect, test } from 'vitest'
import { troubleOf } from './index.ts'
import { connect, type Sql } from './sql.ts'
import { databaseUrl, useDatabase } from './testing/database.ts'
import { randomHex, randomWord } from './testing/harness.ts'

const harness = useDatabase({ max: 6 })
const { sql } = harness

const clients: Sql[] = []
afterAll(() => Promise.all(clients.map((client) => client.end({ timeout: 0 }))))

/** A client of its own, for a connection that does not survive. */
function connectTo(url: string | URL = databaseUrl, max = 1): Sql {
  const client = connect(String(url), { max })
  clients.push(client)
  return client
}

/** What `work` throws. */
async function errorOf(work: () => PromiseLike<unknown>): Promise<Error & { code?: string }> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it succeeded')
}

const begin = (client: Sql, work: (tx: Sql) => Promise<unknown>) =>
  client.begin((tx) => work(tx as unknown as Sql))

/** Two transactions that wait for each other's Worker. */
async function deadlock() {
  const { script_tag: one } = await harness.createTenant()
  const { script_tag: other } = await harness.createTenant()
  const bothHoldOne = Promise.withResolvers<void>()
  let holding = 0
  const lockInTurn = (order: string[]) =>
    begin(sql, async (tx) => {
      for (const script_tag of order) {
        await tx`select from workers where script_tag = ${script_tag} for update`
        if (++holding === 2) bothHoldOne.resolve()
        await bothHoldOne.promise
      }
    })
  await Promise.all([lockInTurn([one, other]), lockInTurn([other, one])])
}

/** An update of a row that somebody changed since the transaction's snapshot. */
async function cannotSerialize() {
  const { script_tag } = await harness.createTenant()
  await begin(sql, async (tx) => {
    await tx`set transaction isolation level repeatable read`
    await tx`select from workers`
    await sql`update workers set script_name = 'first' where script_tag = ${script_tag}`
    await tx`update workers set script_name = 'second' where script_tag = ${script_tag}`
  })
}

async function findLocked() {
  const { script_tag } = await harness.createTenant()
  await begin(sql, async (tx) => {
    await tx`select from workers where script_tag = ${script_tag} for update`
    await sql`select from workers where script_tag = ${script_tag} for update nowait`
  })
}

async function exceedTime() {
  await begin(sql, async (tx) => {
    await tx`set local statement_timeout = '50ms'`
    await tx`select pg_sleep(60)`
  })
}

/** A role that may have no connection of its own. */
async function findNoConnection() {
  const role = randomWord('role').replace('-', '_')
  await sql.unsafe(`create role ${role} login password '${role}' connection limit 0`)
  const url = new URL(databaseUrl)
  url.username = role
  url.password = role
  try {
    await connectTo(url)`select 1`
  } finally {
    await sql.unsafe(`drop role ${role}`)
  }
}

async function beTerminated() {
  const own = connectTo()
  const [row] = await own<{ pid: number }[]>`select pg_backend_pid() as pid`
  const sleeping = own`select pg_sleep(60)`.execute()
  const failed = errorOf(() => sleeping)
  for (let isAsleep = false; !isAsleep; ) {
    const rows = await sql`
      select from pg_stat_activity where pid = ${row?.pid ?? 0} and wait_event = 'PgSleep'`
    isAsleep = rows.length > 0
  }
  await sql`select pg_terminate_backend(${row?.pid ?? 0})`
  throw await failed
}

async function useEnded() {
  const client = connectTo()
  await client.end()
  await client`select 1`
}

const PROVOKED: Record<string, { trouble: string; provoke: () => PromiseLike<unknown> }> = {
  '57014': { trouble: 'given_up', provoke: exceedTime },
  '40P01': { trouble: 'given_up', provoke: deadlock },
  '40001': { trouble: 'given_up', provoke: cannotSerialize },
  '55P03': { trouble: 'given_up', provoke: findLocked },
  '23503': {
    trouble: 'overtaken',
    provoke: () => sql`
      insert into workers (script_tag, account_id, script_name)
      values (${randomHex(32)}, ${randomHex(32)}, 'of nobody')`,
  },
  '23505': {
    trouble: 'overtaken',
    async provoke() {
      const { account_id } = await harness.createTenant()
      await sql`insert into accounts (account_id, account_name) values (${account_id}, 'again')`
    },
  },
  '53300': { trouble: 'away', provoke: findNoConnection },
  ECONNREFUSED: {
    trouble: 'away',
    provoke: () => connectTo('postgres://nobody:nothing@127.0.0.1:9/nowhere')`select 1`,
  },
  // postgres.js says this instead of the server's last words.
  CONNECTION_CLOSED: { trouble: 'away', provoke: beTerminated },
  CONNECTION_ENDED: { trouble: 'away', provoke: useEnded },
  // What cannot be stored, or asked.
  '23514': { trouble: 'refused', provoke: () => sql`update accounts set account_id = 'x'` },
  '22P05': {
    trouble: 'refused',
    provoke: () => sql`select ('"' || ${'\\u0000'}::text || '"')::jsonb`,
  },
  '42P01': { trouble: 'refused', provoke: () => sql`select from nothing_of_this_name` },
  '3D000': {
    trouble: 'refused',
    provoke: () => connectTo(new URL('/nothing_of_this_name', databaseUrl))`select 1`,
  },
}

describe('of Postgres itself', () => {
  test.each(Object.entries(PROVOKED))('%s', async (code, { trouble, provoke }) => {
    await harness.createTenant()
    const error = await errorOf(provoke)
    expect(error).toMatchObject({ code })
    expect(troubleOf(error)).toBe(trouble)
  })
})

/** What a test cannot provoke, raised by a function. */
const RAISED = {
  '08006': 'away',
  '53100': 'away',
  '53200': 'away',
  '57P01': 'away',
  '57P02': 'away',
  '57P03': 'away',
  '58000': 'away',
  '25P03': 'given_up',
  '25P04': 'given_up',
  XX000: 'refused',
}

test.each(Object.entries(RAISED))('%s, as if it had happened', async (code, trouble) => {
  const error = await errorOf(() =>
    sql.unsafe(`do $$ begin raise exception 'raised' using errcode = '${code}'; end $$`),
  )
  expect(troubleOf(error)).toBe(trouble)
})

test('only what was rolled back for another transaction is done over at once', async () => {
  expect(isRollback(await errorOf(deadlock))).toBe(true)
  expect(isRollback(await errorOf(cannotSerialize))).toBe(true)
  expect(isRollback(await errorOf(exceedTime))).toBe(false)
})
