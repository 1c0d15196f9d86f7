/** Which of a Worker's triggers deploys to production. Pure. */

type Rules = { branch_includes: string[] }

/**
 * A Worker's triggers by their purpose. A trigger that builds every branch (`*`) is for the others,
 * and so is one with a pattern beside one that names its branches. A single trigger with a pattern
 * other than `*` is for production: so it never builds a branch that its rules leave out.
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
