import type { Sql } from '../sql.ts'
import { forBuildsStatements } from './for-builds.ts'
import { settingsStatements } from './settings.ts'

export type TriggerStore = ReturnType<typeof triggerStore>

/** When and how Workers are built. */
export function triggerStore(sql: Sql) {
  return { ...settingsStatements(sql), ...forBuildsStatements(sql) }
}
