/** Which branches a trigger builds. Pure. */

/** Whether `branch` is included and not excluded; `*` in a pattern stands for any characters. */
export function isBranchBuilt(
  branch: string,
  trigger: { branch_includes: string[]; branch_excludes: string[] },
): boolean {
  const matches = (pattern: string) => matchesPattern(branch, pattern)
  return !trigger.branch_excludes.some(matches) && trigger.branch_includes.some(matches)
}

/** Greedy from both ends and then piece by piece: linear, unlike a regex with many `.*`. */
function matchesPattern(text: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return text === pattern
  if (!text.startsWith(head) || !text.slice(head.length).endsWith(tail)) return false
  let at = head.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= text.length - tail.length
}
