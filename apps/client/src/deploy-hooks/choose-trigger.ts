/** Which trigger builds a branch that nobody pushed. Pure. */

import { type BranchRules, isBranchBuilt } from '../triggers/branch-rules.ts'
import { splitTriggers } from '../triggers/production.ts'

/**
 * The production trigger if it builds `branch`, else the non-production one, whatever branches
 * that one excludes: a hook is called on purpose. A production trigger never builds another branch,
 * which would then be deployed to production.
 */
export function chooseTrigger<Trigger extends BranchRules>(
  triggers: Trigger[],
  branch: string,
): Trigger | undefined {
  const { production, others } = splitTriggers(triggers)
  const isBuilt = (trigger: Trigger) => isBranchBuilt(branch, trigger)
  return production.find(isBuilt) ?? others.find(isBuilt) ?? others[0]
}
