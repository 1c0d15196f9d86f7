/** Which of a Worker's triggers deploys to production. Pure. */

type Rules = { branch_includes: string[] }

/**
 * A Worker's triggers by what they are for. A trigger that takes whatever branch there is (`*`) is
 * for the others, and so is one with a pattern beside one that names its branches. A trigger by
 * itself that has a pattern other than `*` is for production: taken for that it builds no branch
 * which its rules leave out.
 */
export function splitTriggers<Trigger extends Rules>(
  triggers: Trigger[],
): { production: Trigger[]; others: Trigger[] } {
  const namedOne = triggers.some((trigger) => !hasPattern(trigger))
  const isProduction = (trigger: Trigger) =>
    !trigger.branch_includes.includes('*') && !(namedOne && hasPattern(trigger))
  return {
    production: triggers.filter((trigger) => isProduction(trigger)),
    others: triggers.filter((trigger) => !isProduction(trigger)),
  }
}

function hasPattern({ branch_includes }: Rules): boolean {
  return branch_includes.some((branch) => branch.includes('*'))
}
