import { randomUUID } from 'node:crypto'
import { createDatabaseFrom, dropDatabase } from '@workers-builds/local-platform/postgres'

export interface DatabaseCopy {
  databaseUrl: string
  /** Deletes it, and breaks the connections that are open. */
  drop(): Promise<void>
}

/** A migrated database for one test file or stack: a copy of the run's template. */
export async function copyDatabase(templateUrl: string): Promise<DatabaseCopy> {
  const name = `test-${randomUUID()}`
  const databaseUrl = await createDatabaseFrom({ databaseUrl: templateUrl, name })
  return { databaseUrl, drop: () => dropDatabase({ databaseUrl: templateUrl, name }) }
}
