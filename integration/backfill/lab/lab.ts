/** A whole system on this machine whose parts can be filled, measured, killed and started again. */
import { mkdir, mkdtemp, rm, statfs, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Backfill, Backfills, v4Envelope } from '@workers-builds/contracts'
import {
  DEMO_PROJECT,
  openSecrets,
  type RunningWorkers,
  seed,
  startWorkers,
  workerSettings,
  writeWorkerConfigs,
} from '@workers-builds/local/stack'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { createGitHubApp } from '@workers-builds/local-platform/git-host'
import { startHyperdrive } from '@workers-builds/local-platform/hyperdrive'
import { applyMigrations } from '@workers-builds/local-platform/migrations'
import { freePort } from '@workers-builds/local-platform/net'
import { type RunningPostgres, startPostgres } from '@workers-builds/local-platform/postgres'
import { openRunRecord } from '@workers-builds/local-platform/processes'
import { connect } from '@workers-builds/store'
import { z } from 'zod'
import { startIdleCompute } from './compute.ts'
import { writeLabConfigs } from './configs.ts'

const PREFIX = 'workers-builds-lab-'
const BACKFILLS = '/internal/build-errors/backfills'

export type Lab = Awaited<ReturnType<typeof startLab>>

/** Starts a lab in a folder of its own; `stop` ends it and deletes the folder, unless it says otherwise. */
export async function startLab({ durable = true, onLine = () => {} }: LabOptions = {}) {
  const folder = await createTemporaryFolder('lab')
  const dir = folder.path
  const memory = await memoryFolder()
  await symlink(memory ?? (await makeFolder(join(dir, 'objects'))), join(dir, 'state'))
  const run = await openRunRecord({ dir })
  const secrets = await openSecrets({ dir })
  const compute = await startIdleCompute()

  const postgresDir = join(dir, 'postgres')
  let postgres: RunningPostgres = await startPostgres({ dir: postgresDir, durable })
  const { databaseUrl } = postgres
  await run.add({ name: 'postgres', pid: postgres.pid ?? 0 })
  await withStatistics(databaseUrl)
  const startAgain = async () => {
    postgres = await startPostgres({ dir: postgresDir, durable })
    await run.add({ name: 'postgres', pid: postgres.pid ?? 0 })
  }
  await postgres.stop()
  await startAgain()
  await applyMigrations({ databaseUrl })
  await seed({ databaseUrl, secrets, project: DEMO_PROJECT })
  const sql = connect(databaseUrl, { max: 2 })
  await sql`create extension pg_stat_statements`

  const port = await freePort({ preferred: [] })
  const url = `http://127.0.0.1:${port}`
  const nowhere = 'http://127.0.0.1:9'
  const product = await writeWorkerConfigs({
    dir,
    settings: workerSettings({
      gitHubApp: createGitHubApp(),
      url,
      secrets,
      gitHost: { url: nowhere, api_url: nowhere },
      compute: { kind: 'host', url: compute.url },
    }),
  })
  const configs = await writeLabConfigs({ dir, product })
  const signal = new AbortController().signal
  const hyperdrive = await startHyperdrive({ databaseUrl })
  const { connectionString } = hyperdrive
  const start = () => startWorkers({ dir, configs, port, connectionString, run, signal, onLine })
  let workers: RunningWorkers = await start()

  return {
    url,
    folder,
    dir,
    databaseUrl,
    sql,

    /** Asks the front of the lab; throws when it does not answer well. */
    async ask<Answer>(path: string, body: unknown = null): Promise<Answer> {
      const response = await fetch(new URL(path, url), {
        method: 'POST',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(600_000),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return (await response.text().then((text) => (text ? JSON.parse(text) : null))) as Answer
    },

    /** Begins a backfill as one does, over the API. */
    async startBackfill(request: object): Promise<Backfill> {
      const response = await fetch(new URL(BACKFILLS, url), {
        method: 'POST',
        headers: { authorization: `Bearer ${secrets.platform_token}` },
        body: JSON.stringify(request),
      })
      return Backfill.parse(v4Envelope(z.unknown()).parse(await response.json()).result)
    },

    /** The backfills, newest first, as the API lists them. */
    async listBackfills(): Promise<Backfills> {
      const response = await fetch(new URL(BACKFILLS, url), {
        headers: { authorization: `Bearer ${secrets.platform_token}` },
      })
      return Backfills.parse(v4Envelope(z.unknown()).parse(await response.json()).result)
    },

    /** Ends the Workers' process and starts it again: no object is in memory then. */
    async restartWorkers(): Promise<void> {
      await workers.stop()
      workers = await start()
    },

    /** Kills the Workers' processes, at whatever they are; `restartWorkers` starts them again. */
    killWorkers: () => workers.kill(),

    stopPostgres: () => postgres.stop(),
    startPostgres: startAgain,

    async stop({ keepFolder = false } = {}): Promise<void> {
      await workers.stop()
      await hyperdrive.close()
      await sql.end({ timeout: 5 })
      await postgres.stop()
      compute.close()
      await run.close()
      if (!keepFolder) await folder.remove()
      if (memory !== undefined) await rm(memory, { recursive: true, force: true })
    },
  }
}

type LabOptions = {
  /** Whether Postgres waits for the disk, as it does in production. */
  durable?: boolean
  /** Called with each line that the Workers print. */
  onLine?: (line: string) => void
}

const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 8 * 2 ** 30

/**
 * A folder in memory for what Durable Objects write, where there is much of it: filling thousands of
 * them does not wait for the disk then. Reading does not either way, for what was just written is in
 * the page cache.
 */
async function memoryFolder(): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize < ENOUGH_BYTES ? undefined : await mkdtemp(join(MEMORY, PREFIX))
}

async function makeFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return folder
}

/** Has the server count its statements from its next start on. */
async function withStatistics(databaseUrl: string): Promise<void> {
  const sql = connect(databaseUrl, { max: 1 })
  await sql`alter system set shared_preload_libraries = 'pg_stat_statements'`
  await sql`alter system set pg_stat_statements.max = 1000`.catch(() => {
    // Known once the library is there.
  })
  await sql.end()
}
