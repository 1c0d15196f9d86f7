import { type Stack, type StackOptions, startStack } from '@workers-builds/local/stack'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { connect, type Sql } from '@workers-builds/store'
import { afterAll, beforeAll } from 'vitest'
import { openApi } from './api-client.ts'
import { TEST_PROJECT } from './test-project.ts'

/** A whole system, and what a test looks into it with. */
export interface TestStack extends Stack {
  /** The folder that keeps everything. */
  dir: string
  /** The REST API as the demo account. */
  api: ReturnType<typeof openApi>
  sql: Sql
}

type Options = Omit<StackOptions, 'dir'>

/** Starts a whole system in a temporary folder named after `name`; `stop` removes that too. */
export async function startTestStack(name: string, options: Options = {}): Promise<TestStack> {
  const folder = await createTemporaryFolder(name)
  const dir = folder.path
  try {
    const stack = await startStack({ dir, project: TEST_PROJECT, ...options })
    const sql = connect(stack.databaseUrl)
    const stop = async () => {
      await sql.end()
      await stack.stop()
      await folder.remove()
    }
    return { ...stack, dir, api: openApi(stack), sql, stop }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

/** One whole system for all tests of a file. What this returns is filled in before the first test. */
export function useStack(name: string, options: () => Options | Promise<Options> = () => ({})) {
  const stack = {} as TestStack
  beforeAll(async () => {
    Object.assign(stack, await startTestStack(name, await options()))
  })
  afterAll(async () => {
    await stack.stop?.()
  })
  return stack
}
