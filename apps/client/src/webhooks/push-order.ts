/** The order of pushes to one branch, whatever order their webhooks arrive in. Pure. */

export type OrderedPush = { commit_hash: string; push_before: string | null; pushed_on: Date }

/**
 * Whether `later` was pushed after `earlier`. A push that begins where another ended follows it;
 * where the two do not touch, or each begins where the other ended, the provider's clock tells, and
 * undefined is answered when it shows the same second.
 */
export function isPushedAfter(later: OrderedPush, earlier: OrderedPush): boolean | undefined {
  const follows = later.push_before === earlier.commit_hash
  const precedes = earlier.push_before === later.commit_hash
  if (follows !== precedes) return follows
  const distance = later.pushed_on.getTime() - earlier.pushed_on.getTime()
  return distance === 0 ? undefined : distance > 0
}
