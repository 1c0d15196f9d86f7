import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from '../net/free-port.ts'
import { readJsonFile, writeJsonFile } from '../state/json-file.ts'
import { findBinaries } from './binaries.ts'
import { ensureDatabase, waitForPostgres } from './connection.ts'
import { openDataFolder } from './data-folder.ts'
import { stopLeftoverServer } from './leftover.ts'
import { lastLogLines, runServer } from './server.ts'
import { serverAccount } from './server-account.ts'

const DATABASE = 'workers_builds'

/** What `<dir>/postgres.json` remembers between runs. */
const Settings = z.object({ port: z.number().optional(), password: z.string() })
type Settings = z.infer<typeof Settings>

export interface RunningPostgres {
  /** Has a password, which Hyperdrive's local mode asks for. */
  databaseUrl: string
  /** The server's process; null when the server is not ours. */
  pid: number | null
  /** Shuts the server down and waits for it; open connections are closed. */
  stop(): Promise<void>
}

/**
 * A Postgres server with its data, port and password under `dir`, ready to be used; the next start
 * with the same `dir` finds them again. With `databaseUrl` it is that server, which is left alone.
 * `durable: false` is for tests: it does not wait for the disk.
 */
export async function startPostgres({
  dir,
  databaseUrl,
  durable = true,
}: {
  dir: string
  databaseUrl?: string | undefined
  durable?: boolean
}): Promise<RunningPostgres> {
  if (databaseUrl !== undefined) return useServer(databaseUrl)

  await mkdir(dir, { recursive: true })
  const settings = await openSettings(dir)
  const account = serverAccount()
  const binaries = await findBinaries({ account })
  const data = await openDataFolder({ dir, password: settings.password, binaries, account })
  await stopLeftoverServer({ data })

  const port = await freePort({ preferred: [settings.port] })
  await writeJsonFile(settingsFile(dir), { ...settings, port })
  const logFile = join(dir, 'postgres.log')
  const program = binaries.postgres
  const { pid, stop, exited } = await runServer({ program, data, port, durable, logFile, account })

  const serverUrl = `postgres://postgres:${settings.password}@127.0.0.1:${port}/postgres`
  const endedEarly = exited.then(async () => {
    throw new Error(`Postgres did not start:\n${await lastLogLines(logFile)}`)
  })
  try {
    await Promise.race([waitForPostgres({ databaseUrl: serverUrl }), endedEarly])
    endedEarly.catch(() => {}) // from here on an end is no failed start
    return {
      databaseUrl: await ensureDatabase({ databaseUrl: serverUrl, name: DATABASE }),
      pid,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function useServer(databaseUrl: string): Promise<RunningPostgres> {
  if (!URL.canParse(databaseUrl) || new URL(databaseUrl).password === '') {
    throw new Error(
      'DATABASE_URL must be of the form postgres://user:password@host:port/database, with a password: the local Hyperdrive refuses one without.',
    )
  }
  await waitForPostgres({ databaseUrl })
  return { databaseUrl, pid: null, stop: async () => {} }
}

async function openSettings(dir: string): Promise<Settings> {
  const found = await readJsonFile(settingsFile(dir), Settings)
  if (found !== undefined) return found
  const settings = { password: randomBytes(24).toString('base64url') }
  await writeJsonFile(settingsFile(dir), settings)
  return settings
}

function settingsFile(dir: string): string {
  return join(dir, 'postgres.json')
}
