import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { freePort } from '../net/free-port.ts'
import { readJsonFile, writeJsonFile } from '../state/json-file.ts'
import { findBinaries } from './binaries.ts'
import { ensureDatabase, waitForPostgres } from './connection.ts'
import { openDataFolder } from './data-folder.ts'
import { stopLeftoverServer } from './leftover.ts'
import { lastLogLines, runServer, type Server } from './server.ts'
import { serverAccount } from './server-account.ts'

const DATABASE = 'workers_builds'
/** Recovery after a hard kill reads what was written since the last checkpoint. */
const START_PATIENCE_MS = 120_000
/** How long to try again when something stands in the way that passes. */
const RETRY_MS = 15_000
const RETRY_PAUSE_MS = 200

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
  const { password, port: lastPort } = await openSettings(dir)
  const account = serverAccount()
  const binaries = await findBinaries({ account })
  const data = await openDataFolder({ dir, password, binaries, account })
  await stopLeftoverServer({ data })

  const program = binaries.postgres
  const logFile = join(dir, 'postgres.log')
  const deadline = Date.now() + RETRY_MS
  for (;;) {
    const port = await freePort({ preferred: [lastPort] })
    const server = await runServer({ program, data, port, durable, logFile, account })
    try {
      const serverUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
      await untilReady({ server, serverUrl, logFile })
      await writeJsonFile(settingsFile(dir), { password, port })
      const databaseUrl = await ensureDatabase({ databaseUrl: serverUrl, name: DATABASE })
      return { databaseUrl, pid: server.pid, stop: server.stop }
    } catch (error) {
      await server.stop()
      if (!isTransient(error) || Date.now() > deadline) throw error
      await delay(RETRY_PAUSE_MS)
    }
  }
}

/** Waits for the server to answer; throws with the end of its log when it ends instead. */
async function untilReady({
  server,
  serverUrl,
  logFile,
}: {
  server: Server
  serverUrl: string
  logFile: string
}): Promise<void> {
  const ended = server.exited.then(async () => {
    throw new Error(`Postgres did not start:\n${await lastLogLines(logFile)}`)
  })
  const timeoutMs = START_PATIENCE_MS
  await Promise.race([waitForPostgres({ databaseUrl: serverUrl, timeoutMs }), ended])
}

/** Processes of a server that was killed are still ending, or somebody was quicker at the port. */
function isTransient(error: unknown): boolean {
  return error instanceof Error && /pre-existing shared memory|could not bind/.test(error.message)
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
