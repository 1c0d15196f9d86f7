/**
 * Before a suite that needs databases runs: one real Postgres server for the whole test run, in it a
 * migrated database to copy, and Hyperdrive's stand-in before the server. Each test file works on a
 * copy of its own, so that files run side by side without seeing each other's rows.
 */
import { startHyperdrive } from '@workers-builds/local-platform/hyperdrive'
import { applyMigrations } from '@workers-builds/local-platform/migrations'
import { startTemporaryPostgres } from '@workers-builds/local-platform/postgres'
import type { TestProject } from 'vitest/node'
import type {} from './provided.ts'

type Server = { templateUrl: string; hyperdriveHost: string; stop(): Promise<void> }

/** The server of this run, and how many projects use it: each loads this module anew. */
type Shared = { server: Promise<Server>; users: number }
const SHARED = Symbol.for('@workers-builds/test-kit/server')
const global = globalThis as { [SHARED]?: Shared | undefined }

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  global[SHARED] ??= { server: startServer(), users: 0 }
  const shared = global[SHARED]
  shared.users++
  const { templateUrl, hyperdriveHost, stop } = await shared.server
  project.provide('templateUrl', templateUrl)
  project.provide('hyperdriveHost', hyperdriveHost)
  // wrangler asks for one before it looks at the address that a project gives.
  process.env['CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE'] = templateUrl
  return async () => {
    if (--shared.users > 0) return
    global[SHARED] = undefined
    await stop()
  }
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
