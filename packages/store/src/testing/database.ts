import { copyDatabase } from '@workers-builds/test-kit/database-copy'
import type {} from '@workers-builds/test-kit/provided'
import { afterAll, beforeEach, inject } from 'vitest'
import { connect } from '../sql.ts'
import { createHarness, type Harness } from './harness.ts'

const { databaseUrl, drop } = await copyDatabase(inject('templateUrl'))

/** This file's own database. */
export { databaseUrl }

/** A harness on this file's own database, emptied before each test. */
export function useDatabase({ max = 5 }: { max?: number } = {}): Harness {
  const sql = connect(databaseUrl, { max })
  const harness = createHarness(sql)
  beforeEach(() => harness.clear())
  afterAll(async () => {
    await sql.end()
    await drop()
  })
  return harness
}
