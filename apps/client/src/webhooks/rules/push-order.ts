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

/** How long a provider without a clock may tell of one push again. */
const REPEAT_MS = 10 * 60_000

/**
 * Whether `push` is one that was told before, by another hook or under another id: it moves the
 * branch from and to the same commits at the same time by the provider's clock. Where the provider
 * has none (GitLab), a push that nothing has followed cannot come again but as a repetition.
 */
export function isSamePush(
  push: Omit<OrderedPush, 'pushed_on'> & { pushed_on: Date | null },
  earlier: OrderedPush & { created_on: Date },
  { others, now }: { others: OrderedPush[]; now: Date },
): boolean {
  if (push.commit_hash !== earlier.commit_hash || push.push_before !== earlier.push_before) {
    return false
  }
  if (push.pushed_on !== null) return push.pushed_on.getTime() === earlier.pushed_on.getTime()
  const followed = others.some((other) => other.push_before === push.commit_hash)
  return !followed && now.getTime() - earlier.created_on.getTime() < REPEAT_MS
}
