import { copyDatabase } from '@workers-builds/test-kit/database-copy'
import type {} from '@workers-builds/test-kit/provided'
import { afterAll, beforeEach, inject } from 'vitest'
import { connect } from '../sql.ts'
import { createHarness, type Harness } from './harness.ts'

const { databaseUrl } = await copyDatabase(inject('templateUrl'))

/** For the files that this process runs, one after another; it goes with the run's server. */
export { databaseUrl }

/** A harness on that database, emptied before each test. */
export function useDatabase({ max = 5 }: { max?: number } = {}): Harness {
  const sql = connect(databaseUrl, { max })
  const harness = createHarness(sql)
  beforeEach(() => harness.clear())
  afterAll(() => sql.end())
  return harness
}
