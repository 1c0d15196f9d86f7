/**
 * Before a suite that needs databases runs: one real Postgres server for the whole test run, in it a
 * migrated database to copy, and Hyperdrive's stand-in before the server. Files that run side by side
 * work on copies of their own, without seeing each other's rows.
 */
import { startHyperdrive } from '@workers-builds/local-platform/hyperdrive'
import { applyMigrations } from '@workers-builds/local-platform/migrations'
import { startTemporaryPostgres } from '@workers-builds/local-platform/postgres'
import type { TestProject } from 'vitest/node'
import type {} from './provided.ts'
import { shareInRun } from './share-in-run.ts'

type Server = { templateUrl: string; hyperdriveHost: string; stop(): Promise<void> }

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { templateUrl, hyperdriveHost, stop } = await shareInRun('databases', startServer)
  project.provide('templateUrl', templateUrl)
  project.provide('hyperdriveHost', hyperdriveHost)
  // wrangler asks for one before it looks at the address that a project gives.
  process.env['CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE'] = templateUrl
  return stop
}

async function startServer(): Promise<Server> {
  const { databaseUrl, stop } = await startTemporaryPostgres()
  await applyMigrations({ databaseUrl })
  const hyperdrive = await startHyperdrive({ databaseUrl })
  return {
    templateUrl: databaseUrl,
    hyperdriveHost: new URL(hyperdrive.connectionString).host,
    async stop() {
      await hyperdrive.close()
      await stop()
    },
  }
}
