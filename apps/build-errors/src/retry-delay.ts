/** By when a log that was still being written is complete. */
const INCOMPLETE_SECONDS = 30
const FIRST_SECONDS = 10
const LONGEST_SECONDS = 300

/**
 * When to look at a build again after `attempts` looks. The pauses grow, so that the eight tries of a
 * message outlast a database that is away for a quarter of an hour. The queue keeps the message and its
 * attempts meanwhile, in whole seconds; build-management's retries wait in alarms and have rules of
 * their own, so nothing is shared with them.
 */
export function retryDelaySeconds(
  trouble: 'incomplete' | 'unreadable' | 'unstored',
  attempts: number,
): number {
  if (trouble === 'incomplete') return INCOMPLETE_SECONDS
  return Math.min(FIRST_SECONDS * 2 ** (attempts - 1), LONGEST_SECONDS)
}
