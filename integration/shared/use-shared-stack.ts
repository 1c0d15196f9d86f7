import { connect, type Sql } from '@workers-builds/store'
import { afterAll, beforeAll, inject, type ProvidedContext } from 'vitest'
import { createTenant, type Tenant } from '../support/tenant.ts'
import type {} from './shared-stack.global-setup.ts'

/** The system that the suites of this folder share, and an account on it that is one file's own. */
export type SharedStack = ProvidedContext['sharedStack'] & Tenant & { sql: Sql }

/** What this returns is filled in before the first test. */
export function useSharedStack(): SharedStack {
  const stack = {} as SharedStack
  beforeAll(async () => {
    const shared = inject('sharedStack')
    const sql = connect(shared.databaseUrl)
    Object.assign(stack, shared, { sql }, await createTenant(shared))
  })
  afterAll(async () => {
    await stack.sql?.end()
  })
  return stack
}
