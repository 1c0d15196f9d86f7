import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { resolveBinary } from 'dbmate'
import { waitForPostgres } from '../postgres/connection.ts'

/** The repository's migrations. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../migrations', import.meta.url))

/**
 * Brings the database of `databaseUrl` up to the newest migration; waits for the server first.
 * Throws with dbmate's own words when a migration fails, which then has changed nothing.
 */
export async function applyMigrations({
  databaseUrl,
  folder = MIGRATIONS_FOLDER,
}: {
  databaseUrl: string
  folder?: string
}): Promise<void> {
  await waitForPostgres({ databaseUrl })
  const { PATH } = process.env
  const dbmate = spawn(
    resolveBinary(),
    ['--migrations-dir', folder, '--no-dump-schema', 'migrate'],
    {
      // The address goes through the environment because arguments are visible to every user.
      env: { PATH, DATABASE_URL: withSslMode(databaseUrl) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [dbmate.stdout, dbmate.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const [code] = await once(dbmate, 'close')
  if (code !== 0) throw new Error(`The migrations in ${folder} failed:\n${output.trim()}`)
}

/** dbmate insists on TLS by default, and a server of this machine has none. */
function withSslMode(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (isLocal && !url.searchParams.has('sslmode')) url.searchParams.set('sslmode', 'disable')
  return url.href
}
