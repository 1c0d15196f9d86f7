/** Whether what a backfill says of itself can be true. Pure. */
import type { Backfills } from '../backfill.ts'

export type BackfillAnswer = Backfills[number]

/**
 * Throws where `answer` contradicts itself, what is known of the range, or the answer before. Of the
 * `total` builds of the range, `apart` may never be sent: others had them scanned since the run
 * began, or they were deleted.
 */
export function checkAnswer(
  answer: BackfillAnswer,
  {
    before,
    total,
    apart = 0,
  }: { before: BackfillAnswer | undefined; total: number; apart?: number },
): void {
  const { status, builds_queued, builds_scanned, builds_failed, progress } = answer
  const wrong: string[] = []
  const hold = (holds: boolean, what: string) => {
    if (!holds) wrong.push(what)
  }
  hold(builds_scanned <= builds_queued, 'more is scanned than was queued')
  hold(builds_failed <= builds_scanned, 'more failed than was scanned')
  hold(builds_queued <= total, 'more is queued than there is')
  if (progress !== null) {
    hold(progress.builds_remaining >= 0, 'less than nothing remains')
    hold(builds_scanned + progress.builds_remaining <= total, 'more is there than there is')
  }
  if (status === 'completed') {
    hold(builds_scanned === builds_queued, 'it is completed and not all is scanned')
    hold(builds_queued >= total - apart, 'it is completed and not all was queued')
  }
  if (before !== undefined) {
    for (const key of ['builds_queued', 'builds_scanned', 'builds_failed'] as const) {
      hold(answer[key] >= before[key], `${key} went back`)
    }
    const [now, then] = [progress?.builds_remaining, before.progress?.builds_remaining]
    if (now !== undefined && then !== undefined) hold(now <= then, 'more remains than before')
    hold(before.status === 'running' || status === before.status, 'it goes on after its end')
  }
  if (wrong.length === 0) return
  const shown = JSON.stringify({ answer, before }, null, 2)
  throw new Error(`of ${total} builds, ${wrong.join(', ')}:\n${shown}`)
}
