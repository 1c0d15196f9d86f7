/** The live log: the frames between a BuildBuddy and one viewer, as described in `docs/live-logs.md`. */
import { z } from 'zod'
import { FailureReason } from './failure-reasons.ts'
import { BuildOutcome, BuildStatus } from './lifecycle.ts'
import { decodeLogCursor } from './log.ts'

/** Most that is sent to a viewer before it acknowledges. */
export const LIVE_WINDOW_BYTES = 256 * 1024

/** For how long a ticket opens a live log. */
export const LIVE_TICKET_SECONDS = 60

/** A cursor as it is written in URLs and frames. */
export const EncodedLogCursor = z
  .string()
  .max(100)
  .refine((text) => decodeLogCursor(text) !== undefined, { error: 'pass one that you were given' })

/** `POST …/builds/:build_uuid/logs/ticket` */
export const LiveLogTicket = z.object({
  ticket: z.string(),
  expires_on: z.iso.datetime(),
  /** Where to open the WebSocket, ticket included. */
  url: z.string(),
  /** A build that is `queued` has no live log yet: ask for a ticket again later. */
  status: BuildStatus,
})
export type LiveLogTicket = z.infer<typeof LiveLogTicket>

/** What a viewer is sent, one JSON text a message. */
export const LiveLogFrame = z.discriminatedUnion('type', [
  /** The state of the build: as the first frame, and whenever it changes. */
  z.object({
    type: z.literal('status'),
    status: BuildStatus,
    build_outcome: BuildOutcome.nullable(),
    failure_reason: FailureReason.nullable(),
  }),
  /** Lines `first_line` and following; `cursor` stands after them. */
  z.object({
    type: z.literal('lines'),
    first_line: z.int().nonnegative(),
    lines: z.array(z.tuple([z.int().nonnegative(), z.string()])).min(1),
    cursor: z.string(),
  }),
  /** There is more, from `cursor` on, than may be sent before something is acknowledged. */
  z.object({ type: z.literal('more'), cursor: z.string() }),
  /** The log is complete, and all of it was sent; the connection is closed after it. */
  z.object({
    type: z.literal('end'),
    build_outcome: BuildOutcome,
    failure_reason: FailureReason.nullable(),
    line_count: z.int().nonnegative(),
  }),
])
export type LiveLogFrame = z.infer<typeof LiveLogFrame>

/**
 * What a viewer sends: it has everything before `cursor`, received here or read over the REST route.
 */
export const LiveLogAck = z.object({ type: z.literal('ack'), cursor: EncodedLogCursor })
export type LiveLogAck = z.infer<typeof LiveLogAck>

/** Close codes of a live log, beside the standard ones. */
export const LIVE_CLOSE_CODES = {
  /** The log is complete. */
  complete: 1000,
  /** The server failed; connect again from the last cursor. */
  failed: 1011,
  /** The viewer sent something other than an acknowledgement. */
  invalid_frame: 4400,
  /** The build was deleted, or its log was kept long enough. */
  log_removed: 4410,
} as const

/** Where build-management has the live log of a build; it answers an upgrade with a WebSocket. */
export function liveLogPath({ build_id, line }: { build_id: number; line: number }): string {
  return `/live-logs/${build_id}?line=${line}`
}

/** The build whose live log is at this path; undefined when it is another path. */
export function buildOfLiveLogPath(path: string): number | undefined {
  const [, digits] = /^\/live-logs\/([1-9]\d{0,15})$/.exec(path) ?? []
  return digits === undefined ? undefined : Number(digits)
}
