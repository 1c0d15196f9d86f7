/** Which trigger builds a branch that nobody pushed. Pure. */
import { isBranchBuilt } from '../webhooks/rules/branch-rules.ts'

type Rules = { branch_includes: string[]; branch_excludes: string[] }

/**
 * The production trigger if it builds `branch`, else the non-production one, whatever that one
 * leaves out of pushes: a hook is called on purpose. A production trigger never builds another
 * branch, which would be deployed to production then.
 */
export function chooseTrigger<Trigger extends Rules>(
  triggers: Trigger[],
  branch: string,
): Trigger | undefined {
  return (
    triggers.find((trigger) => isProduction(trigger) && isBranchBuilt(branch, trigger)) ??
    triggers.find((trigger) => !isProduction(trigger) && isBranchBuilt(branch, trigger)) ??
    triggers.find((trigger) => !isProduction(trigger))
  )
}

/** Production triggers name their branches; the other one takes whatever there is. */
function isProduction({ branch_includes }: Rules): boolean {
  return !branch_includes.includes('*')
}
