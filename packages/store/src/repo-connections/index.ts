import type { Sql } from '../sql.ts'
import { repositoryStatements } from './repository.ts'
import { settingsStatements } from './settings.ts'

export type RepoConnectionStore = ReturnType<typeof repoConnectionStore>

/** The repositories that accounts' Workers are built from. */
export function repoConnectionStore(sql: Sql) {
  return { ...settingsStatements(sql), ...repositoryStatements(sql) }
}
