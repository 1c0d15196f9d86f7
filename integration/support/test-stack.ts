import { type Stack, type StackOptions, startStack } from '@workers-builds/local/stack'
import { createTemporaryFolder, type TemporaryFolder } from '@workers-builds/local-platform/folders'
import { connect, type Sql } from '@workers-builds/store'
import { copyDatabase } from '@workers-builds/test-kit/database-copy'
import type {} from '@workers-builds/test-kit/provided'
import { beforeAll, inject } from 'vitest'
import { openApi } from './api-client.ts'
import type {} from './bundles.global-setup.ts'
import { endAfterTests } from './discard-folder.ts'
import { startHost } from './start-host.ts'
import { TEST_PROJECT } from './test-project.ts'

/** A whole system, and what a test looks into it with. */
export interface TestStack extends Stack {
  /** What keeps everything; `stop` leaves it. */
  folder: TemporaryFolder
  dir: string
  /** The REST API as the demo account. */
  api: ReturnType<typeof openApi>
  sql: Sql
}

type Options = Omit<StackOptions, 'dir'> & {
  /** A Postgres of the stack's own, for a test that stops it; otherwise a database of the run's. */
  ownPostgres?: boolean
}

/** Starts a whole system in a temporary folder named after `name`. */
async function startTestStack(
  name: string,
  { ownPostgres = false, ...options }: Options = {},
): Promise<TestStack> {
  const folder = await createTemporaryFolder(name)
  const dir = folder.path
  try {
    const stack = await startStack({
      dir,
      project: TEST_PROJECT,
      bundles: inject('workerBundles'),
      startDatabase: ownPostgres ? undefined : startDatabaseCopy,
      startHost,
      ...options,
    })
    const sql = connect(stack.databaseUrl)
    const stop = async () => {
      await sql.end()
      await stack.stop()
    }
    return { ...stack, folder, dir, api: openApi(stack), sql, stop }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

async function startDatabaseCopy() {
  const { databaseUrl, drop } = await copyDatabase(inject('templateUrl'))
  return { databaseUrl, pid: null, stop: drop }
}

/** One whole system for all tests of a file. What this returns is filled in before the first test. */
export function useStack(name: string, options: () => Options | Promise<Options> = () => ({})) {
  const stack = {} as TestStack
  beforeAll(async () => {
    Object.assign(stack, await startTestStack(name, await options()))
  })
  endAfterTests(async () => {
    await stack.stop?.()
    return stack.folder
  })
  return stack
}
