import postgres from 'postgres'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  type RunningPostgres,
  removePostgres,
  startPostgres,
  startTemporaryPostgres,
} from '../postgres/index.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { startHyperdrive } from './index.ts'

let server: RunningPostgres
beforeAll(async () => {
  server = await startTemporaryPostgres()
})
afterAll(() => server?.stop())

/** A Hyperdrive of the test's own, before the server of this file unless it says otherwise. */
async function setUp({
  databaseUrl = server.databaseUrl,
  ...limits
}: {
  databaseUrl?: string
  size?: number
  patienceMs?: number
} = {}) {
  const hyperdrive = await startHyperdrive({ databaseUrl, ...limits })
  onTestFinished(() => hyperdrive.close())

  function connect({ url = hyperdrive.connectionString, max = 1 } = {}) {
    const sql = postgres(url, { max, fetch_types: false, connection: { application_name: 'w' } })
    onTestFinished(() => sql.end({ timeout: 0 }))
    return sql
  }

  /** As a Worker does: a client for a moment. */
  async function briefly<Result>(work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
    const sql = connect()
    try {
      return await work(sql)
    } finally {
      await sql.end()
    }
  }
  return { hyperdrive, connect, briefly }
}

const pidOf = async (sql: postgres.ISql) => {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  return row?.pid
}

test('one client after another is given the same connection, as new', async () => {
  const { briefly } = await setUp()
  const first = await briefly((sql) =>
    sql.begin(async (tx) => {
      await tx`set statement_timeout = 12345`
      await tx`create temporary table mine as select ${'text'}::text`
      return await pidOf(tx)
    }),
  )
  await expect
    .poll(() =>
      briefly(async (sql) => [
        await pidOf(sql),
        (await sql`show statement_timeout`)[0]?.['statement_timeout'],
        (await sql`select to_regclass('mine')`)[0]?.['to_regclass'],
        (await sql`show application_name`)[0]?.['application_name'],
      ]),
    )
    .toEqual([first, '0', null, 'w'])
})

test('transactions at the same time have connections of their own', async () => {
  const { connect } = await setUp()
  const all = Promise.withResolvers<void>()
  let begun = 0
  const transaction = () =>
    connect().begin(async (tx) => {
      const pid = await pidOf(tx)
      if (++begun === 8) all.resolve()
      await all.promise
      return [pid, await pidOf(tx)]
    })
  const pids = await Promise.all(Array.from({ length: 8 }, transaction))
  expect(new Set(pids.flat()).size).toBe(8)
  expect(pids.every(([first, second]) => first === second)).toBe(true)
})

test('a client without a transaction occupies no connection', async () => {
  const { connect } = await setUp({ size: 1 })
  const clients = Array.from({ length: 3 }, () => connect())
  for (const sql of [...clients, ...clients]) {
    expect(await sql`select ${'served'}::text as answer`).toEqual([{ answer: 'served' }])
  }
})

test('clients that make two queries each are all served by fewer connections, others in between', async () => {
  const { connect } = await setUp({ size: 2 })
  const read = async (sql: postgres.Sql) => {
    const [rows, [total]] = await Promise.all([
      sql`select ${1}::int as n`,
      sql`select count(*)::int as total from generate_series(1, ${2}::int)`,
    ])
    return [rows[0]?.['n'], total?.['total']]
  }
  const many = Array.from({ length: 6 }, () => read(connect({ max: 2 })))
  const other = read(connect({ max: 2 }))
  expect(await Promise.all([...many, other])).toEqual(Array.from({ length: 7 }, () => [1, 2]))
})

test('a statement that one connection knows is prepared on the next one too', async () => {
  const { connect } = await setUp()
  const [sql, holding] = [connect(), connect()]
  const ask = () => sql<{ pid: number; n: number }[]>`
    select pg_backend_pid() as pid, ${7}::int as n`
  const [first] = await ask()
  await holding.begin(async (tx) => {
    expect(await pidOf(tx)).toBe(first?.pid)
    const [second] = await ask()
    expect(second?.n).toBe(7)
    expect(second?.pid).not.toBe(first?.pid)
  })
  await expect(sql`select 1 / ${0}::int`).rejects.toMatchObject({ code: '22012' })
  expect((await ask())[0]?.n).toBe(7)
})

test('nothing of the session outlasts a transaction', async () => {
  const { connect } = await setUp({ size: 1 })
  const sql = connect()
  await sql`set statement_timeout = 12345`
  expect(await sql`show statement_timeout`).toEqual([{ statement_timeout: '0' }])
})

test('a client that dies in a transaction leaves nothing of it, and its connection to nobody', async () => {
  const { connect, briefly } = await setUp()
  await briefly((sql) => sql`create table kept (value text)`)
  const dying = connect()
  const begun = Promise.withResolvers<number | undefined>()
  const dead = dying.begin(async (tx) => {
    await tx`insert into kept values ('lost')`
    begun.resolve(await pidOf(tx))
    await new Promise(() => {})
  })
  dead.catch(() => {})
  const pid = await begun.promise
  await dying.end({ timeout: 0 })
  await expect
    .poll(() => briefly((sql) => sql`select from pg_stat_activity where pid = ${pid ?? 0}`))
    .toHaveLength(0)
  expect(await briefly((sql) => sql`select * from kept`)).toHaveLength(0)
})

test('the password is asked for, of the first client and of those who find a connection open', async () => {
  const { hyperdrive, connect, briefly } = await setUp()
  const wrong = Object.assign(new URL(hyperdrive.connectionString), { password: 'guessed' }).href
  await expect(connect({ url: wrong })`select 1`).rejects.toMatchObject({ code: '28P01' })
  await briefly((sql) => sql`select 1`)
  await expect(connect({ url: wrong })`select 1`).rejects.toMatchObject({ code: '28P01' })
})

test('a database that is away is reported in the words of Hyperdrive, and found again', async () => {
  const dir = await temporaryFolder()
  onTestFinished(() => removePostgres({ dir }))
  const startDatabase = async () => {
    const database = await startPostgres({ dir, durable: false })
    onTestFinished(() => database.stop())
    return database
  }
  const database = await startDatabase()
  const { briefly } = await setUp({ databaseUrl: database.databaseUrl })
  const ask = () => briefly((sql) => sql`select 1 as answer`)
  await ask()
  await database.stop()
  await expect(ask()).rejects.toMatchObject({
    code: '58000',
    message: 'Server connection attempt failed: connection_refused',
  })
  await startDatabase()
  expect(await ask()).toEqual([{ answer: 1 }])
})

/** Begins a transaction; returns its server process and what ends it. */
async function hold(sql: postgres.Sql) {
  const begun = Promise.withResolvers<number | undefined>()
  const over = Promise.withResolvers<void>()
  const ended = sql.begin(async (tx) => {
    begun.resolve(await pidOf(tx))
    await over.promise
  })
  return {
    pid: await begun.promise,
    async end() {
      over.resolve()
      await ended
    },
  }
}

test('who finds all connections in use gets the first that is free', async () => {
  const { connect } = await setUp({ size: 1 })
  const waiting = connect()
  const holding = await hold(connect())
  const served = pidOf(waiting)
  await holding.end()
  expect(await served).toBe(holding.pid)
})

test('who has waited long enough for a connection is refused', async () => {
  const { connect } = await setUp({ size: 1, patienceMs: 0 })
  const holding = await hold(connect())
  await expect(pidOf(connect())).rejects.toMatchObject({
    code: '58000',
    message: 'Failed to acquire a connection from the pool.',
  })
  await holding.end()
})

test.each(['listen news', 'notify news', 'prepare one as select 1', 'select pg_advisory_lock(1)'])(
  'a session is not to be had: %s',
  async (statement) => {
    const { connect } = await setUp()
    const sql = connect()
    const refused = { code: '0A000', message: `Hyperdrive keeps no session for: ${statement}` }
    await expect(sql.unsafe(statement)).rejects.toMatchObject(refused)
    await expect(sql.unsafe(statement, [], { prepare: true })).rejects.toMatchObject(refused)
    expect(await sql`select ${'on'}::text as it_goes`).toEqual([{ it_goes: 'on' }])
  },
)

test('large answers and large questions arrive whole', async () => {
  const { briefly } = await setUp()
  const text = 'äß\n'.repeat(1_000_000)
  const rows = await briefly(
    (sql) => sql<{ text: string }[]>`select ${text}::text as text from generate_series(1, 4)`,
  )
  expect(rows.map((row) => row.text === text)).toEqual([true, true, true, true])
})

test('a statement is cancelled', async () => {
  const { connect } = await setUp()
  const sql = connect()
  const query = sql`select pg_sleep(600)`
  const ended = expect(query).rejects.toMatchObject({ code: '57014' })
  query.execute()
  await expect
    .poll(
      () =>
        connect()`
          select from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'`,
    )
    .toHaveLength(1)
  query.cancel()
  await ended
})
