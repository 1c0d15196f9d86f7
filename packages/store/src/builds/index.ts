import type { Sql } from '../sql.ts'
import { claimStatements } from './claim.ts'
import { completionStatements } from './completion.ts'
import { dueStatements } from './due.ts'
import { endStatements } from './end.ts'
import { queueStatements } from './queue.ts'
import { readStatements } from './read.ts'
import { saveStatements } from './save-state.ts'

export type BuildStore = ReturnType<typeof buildStore>

/** All that is done with builds, from the insert to the questions of engineers. */
export function buildStore(sql: Sql) {
  return {
    ...queueStatements(sql),
    ...claimStatements(sql),
    ...saveStatements(sql),
    ...endStatements(sql),
    ...dueStatements(sql),
    ...readStatements(sql),
    ...completionStatements(sql),
  }
}
