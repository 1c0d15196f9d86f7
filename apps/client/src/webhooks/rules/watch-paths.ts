/** Whether a push changed anything that a trigger watches. Pure. */
import type { TriggerSettings } from '@workers-builds/contracts'
import { matchesPattern } from '../../triggers/patterns.ts'

/** From these numbers on, a push is built whatever it changed: the published limits. */
export const MANY_FILES = 3_000
export const MANY_COMMITS = 20

export type WatchPaths = Pick<TriggerSettings, 'path_includes' | 'path_excludes'>

export type PushedChanges = {
  commit_count: number
  /** Each once. */
  changed_files: string[]
  /** Not all of them are known. */
  has_more_files: boolean
  /** History was rewritten: no list has the files that this removed. */
  forced: boolean
}

/** Excludes come before includes; one remaining file is enough. */
export function isWatched(changes: PushedChanges, { path_includes, path_excludes }: WatchPaths) {
  const { changed_files, has_more_files, commit_count, forced } = changes
  const unknown = forced || has_more_files || changed_files.length === 0
  if (unknown || changed_files.length >= MANY_FILES || commit_count >= MANY_COMMITS) return true
  const includes = path_includes.map(fromRoot)
  const excludes = path_excludes.map(fromRoot)
  return changed_files.some((file) => {
    const matches = (pattern: string) => matchesPattern(file, pattern)
    return !excludes.some(matches) && includes.some(matches)
  })
}

/** Paths are relative to the repository's root, however people write that. */
function fromRoot(pattern: string): string {
  return pattern.replace(/^(?:\.?\/)+/, '')
}
