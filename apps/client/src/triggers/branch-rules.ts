/** Which branches a trigger builds. Pure. */
import type { TriggerSettings } from '@workers-builds/contracts'
import { matchesPattern } from './patterns.ts'

export type BranchRules = Pick<TriggerSettings, 'branch_includes' | 'branch_excludes'>

/** Whether `branch` is included and not excluded. */
export function isBranchBuilt(
  branch: string,
  { branch_includes, branch_excludes }: BranchRules,
): boolean {
  const matches = (pattern: string) => matchesPattern(branch, pattern)
  return !branch_excludes.some(matches) && branch_includes.some(matches)
}

/**
 * How closely the rules name `branch`: 2 by its name, 1 by a pattern, 0 by `*`. Of a Worker's
 * triggers those that name it closest build it: with a trigger for `main` and one for `*`, a push
 * to `main` is deployed once.
 */
export function closeness(branch: string, { branch_includes }: BranchRules): 0 | 1 | 2 {
  if (branch_includes.includes(branch)) return 2
  const patterns = branch_includes.filter((pattern) => matchesPattern(branch, pattern))
  return patterns.some((pattern) => pattern !== '*') ? 1 : 0
}
