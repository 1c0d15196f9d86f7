/** What is remembered of one viewer of a live log, and how much it may be sent. Pure. */
import { LIVE_WINDOW_BYTES } from '@workers-builds/contracts'
import { z } from 'zod'

/** Frames that are under way are remembered in pieces of at least this size, so they stay few. */
const PIECE_BYTES = 16 * 1024

/** Kept with the socket while the object hibernates: at most 16 KB, and far less. */
const Viewer = z.object({
  v: z.literal(2),
  /** The next line to send. */
  line: z.int().nonnegative(),
  /** What was sent and is not acknowledged, in order: up to which line, and how many bytes. */
  under_way: z.array(z.object({ until: z.int(), bytes: z.int() })),
  /** The status that was sent to it last. */
  sent_status: z.string(),
  /** Whether it was notified, since lines were sent last, that there are more. */
  sent_more: z.boolean(),
})
export type Viewer = z.infer<typeof Viewer>

/** As the release before kept it. */
const ViewerV1 = Viewer.pick({ line: true, under_way: true })
  .extend({ v: z.literal(1), told_status: z.string(), told_more: z.boolean() })
  .transform(({ line, under_way, told_status, told_more }): Viewer => {
    return { v: 2, line, under_way, sent_status: told_status, sent_more: told_more }
  })

/** What a socket keeps, by this release or the one before. */
export const StoredViewer = z.union([Viewer, ViewerV1])

/** A viewer that wants everything from `line` on. */
export function newViewer({ line }: { line: number }): Viewer {
  return { v: 2, line, under_way: [], sent_status: '', sent_more: false }
}

/** Whether `bytes` more may be under way. */
export function hasRoomFor(viewer: Viewer, bytes: number): boolean {
  const underWay = viewer.under_way.reduce((sum, piece) => sum + piece.bytes, 0)
  return underWay + bytes <= LIVE_WINDOW_BYTES
}

/** The viewer after lines before `until` were sent in a frame of `bytes`. */
export function afterSending(
  viewer: Viewer,
  { until, bytes }: { until: number; bytes: number },
): Viewer {
  const last = viewer.under_way.at(-1)
  const under_way =
    last !== undefined && last.bytes + bytes <= PIECE_BYTES
      ? [...viewer.under_way.slice(0, -1), { until, bytes: last.bytes + bytes }]
      : [...viewer.under_way, { until, bytes }]
  return { ...viewer, line: until, under_way, sent_more: false }
}

/**
 * The viewer once it has everything before `line`; it may have read further than it was sent, and
 * goes on from there.
 */
export function afterAcknowledging(viewer: Viewer, line: number): Viewer {
  return {
    ...viewer,
    line: Math.max(viewer.line, line),
    under_way: viewer.under_way.filter((piece) => piece.until > line),
  }
}
