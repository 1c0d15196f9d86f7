import { randomBytes } from 'node:crypto'
import postgres from 'postgres'

/**
 * Gives the database of `databaseUrl` a role of its own that reads and writes the rows of its tables
 * and nothing else, and returns the URL with it: what serves requests must not be the server's
 * superuser, who reads files and starts programs. The password is a new one at each call, and is
 * kept nowhere. Call it after the migrations, which make the tables.
 */
export async function openServingRole({ databaseUrl }: { databaseUrl: string }): Promise<string> {
  const url = new URL(databaseUrl)
  const role = `${decodeURIComponent(url.pathname.slice(1))}_serving`
  const password = randomBytes(24).toString('hex')
  const database = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await database.begin(async (sql) => {
      const name = sql(role)
      const [found] = await sql`select from pg_roles where rolname = ${role}`
      if (found === undefined) await sql`create role ${name} login`
      await sql`alter role ${name} password ${sql.unsafe(`'${password}'`)}`
      await sql`grant usage on schema public to ${name}`
      await sql`grant select, insert, update, delete on all tables in schema public to ${name}`
      await sql`grant usage on all sequences in schema public to ${name}`
      await sql`revoke insert, update, delete on schema_migrations from ${name}`
    })
  } finally {
    await database.end()
  }
  url.username = role
  url.password = password
  return url.href
}
