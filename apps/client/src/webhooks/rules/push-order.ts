/**
 * The order of the pushes to one branch, whatever order their webhooks arrive in. Pure.
 *
 * It is the order of time: by the provider's clock, or, where the provider sends no time (GitLab),
 * by the receipt. The commits between which a push moves the branch decide only what the clock
 * leaves open. They cannot decide more: a rollback ends where an older push began, and is newer.
 */
import { isNoCommit } from '../git-event.ts'

type Move = { commit_hash: string; push_before: string | null }

/** A push that is known already. */
export type EarlierPush = Move & {
  /** When it was pushed, as well as it is known. */
  pushed_on: Date
  /** When it was received. */
  created_on: Date
  skip_reason: string | null
}

/** A push that was just received; `pushed_on` is null where the provider sends no time. */
export type ReceivedPush = Move & { pushed_on: Date | null }

/** For how long a push without a time can be a repetition, or one that was delayed. */
const DELAY_MS = 10 * 60_000

/**
 * The earlier push that `push` repeats, by another webhook or under another id: it moved the branch
 * between the same commits at the same time. Without a time, one that does not go on from where the
 * branch is cannot have just happened, so it is a repetition of the earlier one.
 */
export function findRepeated<Earlier extends EarlierPush>(
  push: ReceivedPush,
  { earlier, now }: { earlier: Earlier[]; now: Date },
): Earlier | undefined {
  const { pushed_on } = push
  const same = earlier.filter((other) => isSameMove(push, other))
  if (pushed_on !== null) return same.find((other) => isAtOnce(other, { pushed_on }))
  if (goesOn(push, earlier)) return undefined
  return same.find((other) => isRecent(other, now))
}

/**
 * When `push` happened. Without a time of the provider's that is now, unless the push fills a gap:
 * then it was delayed, and happened before the push that follows it. One that goes on from the
 * newest is newer, although `now` may be earlier: it was taken before the push had its turn.
 */
export function timeOfPush(
  push: ReceivedPush,
  { earlier, now }: { earlier: EarlierPush[]; now: Date },
): Date {
  if (push.pushed_on !== null) return push.pushed_on
  const isKnown = earlier.some((other) => other.commit_hash === push.commit_hash)
  if (isKnown || goesOn(push, earlier)) {
    const last = newest(earlier)?.pushed_on.getTime() ?? 0
    return new Date(Math.max(now.getTime(), last + 1))
  }
  const next = earlier.find((other) => isRecent(other, now) && follows(other, push))
  return next === undefined ? now : new Date(next.pushed_on.getTime() - 1)
}

/**
 * Whether a newer push is known that is built in the place of `push`. One that was skipped for what
 * it is (its message, its files) is not: it replaces no build.
 */
export function isOutdated(push: Move & { pushed_on: Date }, earlier: EarlierPush[]): boolean {
  const built = earlier.filter(replacesOlder)
  if (built.some((other) => other.pushed_on > push.pushed_on)) return true
  if (!built.some((other) => isAtOnce(other, push))) return false
  const atOnce = earlier.filter((other) => isAtOnce(other, push))
  const before = earlier.filter((other) => other.pushed_on < push.pushed_on)
  return !isLast(push, { moves: [...atOnce, push], head: newest(before)?.commit_hash })
}

/**
 * Whether a branch that made these moves within one tick of the clock, in an order that is not
 * known, can end with `push`. Each move begins where the one before it ended, so a path ends at the
 * commit at which more moves end than begin; a circle ends at `head`, where it began.
 */
function isLast(
  { commit_hash }: Move,
  { moves, head }: { moves: Move[]; head: string | undefined },
): boolean {
  const surplus = (commit: string) =>
    moves.filter((move) => move.commit_hash === commit).length -
    moves.filter((move) => move.push_before === commit).length
  if (surplus(commit_hash) > 0) return true
  if (moves.some((move) => surplus(move.commit_hash) > 0)) return false
  const isHeadKnown = moves.some((move) => move.commit_hash === head)
  return !isHeadKnown || commit_hash === head
}

/** Whether the push begins where the branch is, or makes a branch again that was deleted. */
function goesOn(push: Move, earlier: EarlierPush[]): boolean {
  const last = newest(earlier)
  if (last === undefined) return true
  if (push.push_before !== null && isNoCommit(push.push_before)) {
    return last.skip_reason === 'branch_deleted' || !isSameMove(push, last)
  }
  return follows(push, last)
}

function follows(later: Move, earlier: Move): boolean {
  return later.push_before === earlier.commit_hash
}

function isSameMove(one: Move, other: Move): boolean {
  return one.commit_hash === other.commit_hash && one.push_before === other.push_before
}

function isAtOnce(one: { pushed_on: Date }, other: { pushed_on: Date }): boolean {
  return one.pushed_on.getTime() === other.pushed_on.getTime()
}

function isRecent({ created_on }: EarlierPush, now: Date): boolean {
  return now.getTime() - created_on.getTime() < DELAY_MS
}

/** The newest of pushes that come in the order of their receipt, the latest first. */
function newest(pushes: EarlierPush[]): EarlierPush | undefined {
  return pushes.toSorted((one, other) => other.pushed_on.getTime() - one.pushed_on.getTime())[0]
}

/** Skipped for what the push is, or for what its trigger was at that moment. */
const OWN_SKIP_REASONS = ['skip_ci', 'paths_excluded', 'builds_disabled', 'repo_disconnected']

function replacesOlder({ skip_reason }: EarlierPush): boolean {
  return skip_reason === null || !OWN_SKIP_REASONS.includes(skip_reason)
}
