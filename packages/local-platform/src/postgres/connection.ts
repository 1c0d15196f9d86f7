import { troubleOf } from '@workers-builds/postgres-protocol/trouble'
import postgres from 'postgres'

/**
 * Waits until the server of `databaseUrl` answers a query. Throws with the server's own reason when
 * it has not after `timeoutMs`, and at once when waiting cannot help (a wrong password, say).
 */
export async function waitForPostgres({
  databaseUrl,
  timeoutMs = 30_000,
}: {
  databaseUrl: string
  timeoutMs?: number
}): Promise<void> {
  const { host } = new URL(databaseUrl)
  const deadline = Date.now() + timeoutMs
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    const error = await tryQuery(databaseUrl)
    if (error === null) return
    if (troubleOf(error) !== 'away' || Date.now() > deadline) {
      throw new Error(`Postgres at ${host} does not answer: ${error.message}`, { cause: error })
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function tryQuery(databaseUrl: string): Promise<Error | null> {
  const sql = connect(databaseUrl)
  try {
    await sql`select 1`
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Creates database `name` on the server of `databaseUrl` unless it is there; answers its URL. */
export async function ensureDatabase({
  databaseUrl,
  name,
}: {
  databaseUrl: string
  name: string
}): Promise<string> {
  const sql = connect(databaseUrl)
  try {
    const found = await sql`select 1 from pg_database where datname = ${name}`
    if (found.length === 0) await sql`create database ${sql(name)}`
  } finally {
    await sql.end()
  }
  return urlOfDatabase(databaseUrl, name)
}

/**
 * Makes database `name` a copy of `template` (by default the database of `databaseUrl`), to which
 * nobody may be connected meanwhile, and answers its URL. It takes a moment only, so each test file
 * can have a migrated one of its own.
 */
export async function createDatabaseFrom({
  databaseUrl,
  template = new URL(databaseUrl).pathname.slice(1),
  name,
}: {
  databaseUrl: string
  template?: string
  name: string
}): Promise<string> {
  const sql = connect(urlOfDatabase(databaseUrl, 'postgres'))
  try {
    await sql`drop database if exists ${sql(name)} with (force)`
    await sql`create database ${sql(name)} template ${sql(template)} strategy wal_log`
  } finally {
    await sql.end()
  }
  return urlOfDatabase(databaseUrl, name)
}

/** Deletes database `name` of the server of `databaseUrl`, whoever is connected to it. */
export async function dropDatabase({
  databaseUrl,
  name,
}: {
  databaseUrl: string
  name: string
}): Promise<void> {
  const sql = connect(urlOfDatabase(databaseUrl, 'postgres'))
  try {
    await sql`drop database if exists ${sql(name)} with (force)`
  } finally {
    await sql.end()
  }
}

function urlOfDatabase(databaseUrl: string, name: string): string {
  const url = new URL(databaseUrl)
  url.pathname = `/${name}`
  return url.href
}

function connect(databaseUrl: string) {
  return postgres(databaseUrl, { max: 1, connect_timeout: 5, onnotice: () => {} })
}
