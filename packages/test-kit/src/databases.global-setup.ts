/**
 * Before any suite runs: one real Postgres server, and in it a migrated database for every suite
 * that asks for one, so that suites run side by side without seeing each other's rows.
 */

import { startHyperdrive } from '@workers-builds/local-platform/hyperdrive'
import { applyMigrations } from '@workers-builds/local-platform/migrations'
import { createDatabaseFrom, startTemporaryPostgres } from '@workers-builds/local-platform/postgres'
import type { TestProject } from 'vitest/node'

/** Names of the Vitest projects that get a database. */
const PROJECTS = ['store', 'client', 'build-management', 'build-errors'] as const

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of each project's own database. */
    databaseUrls: Record<(typeof PROJECTS)[number], string>
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { databaseUrl, stop } = await startTemporaryPostgres()
  await applyMigrations({ databaseUrl })
  // wrangler wants one before it looks at the address that a project gives.
  process.env['CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE'] = databaseUrl
  const hyperdrive = await startHyperdrive({ databaseUrl })
  const { host } = new URL(hyperdrive.connectionString)
  const urls: [string, string][] = []
  for (const name of PROJECTS) {
    const url = await createDatabaseFrom({ databaseUrl, name: `test-${name}` })
    // Workers go through Hyperdrive; the store's own suite runs in Node.
    urls.push([name, name === 'store' ? url : Object.assign(new URL(url), { host }).href])
  }
  project.provide(
    'databaseUrls',
    Object.fromEntries(urls) as Record<(typeof PROJECTS)[number], string>,
  )
  return async () => {
    await hyperdrive.close()
    await stop()
  }
}
