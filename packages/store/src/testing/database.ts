import { afterAll, beforeEach, inject } from 'vitest'
import { connect } from '../sql.ts'
import { createHarness, type Harness } from './harness.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrls: { store: string }
  }
}

/** A harness on this project's database, emptied before each test. */
export function useDatabase({ max = 5 }: { max?: number } = {}): Harness {
  const sql = connect(inject('databaseUrls').store, { max })
  const harness = createHarness(sql)
  beforeEach(() => harness.clear())
  afterAll(() => sql.end())
  return harness
}
