/** The build log: lines addressed by ordinal, read in pages from a cursor. */
import { z } from 'zod'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** What the runner was doing when a line was written, in its own vocabulary. */
export const Step = z.enum(['initializing', 'cloning', 'installing', 'building', 'deploying'])
export type Step = z.infer<typeof Step>

/** Longest message of one line, in UTF-16 code units; the runner cuts longer ones. */
export const MAX_MESSAGE_LENGTH = 8_192

/** Most lines in one flush of the runner. */
export const MAX_FLUSH_LINES = 1_000

/** Most lines in one page of a log. */
export const MAX_PAGE_LINES = 1_000

/**
 * About the most characters in one page: with 2 bytes each far below the 32 MiB of an RPC, and small
 * enough that many readers at once fit into a Worker's memory.
 */
export const MAX_PAGE_CHARACTERS = 1024 * 1024

/** A stored line: `[timestamp in ms since the epoch, step, message]`. */
export const LogLine = z.tuple([z.int().nonnegative(), Step, z.string().max(MAX_MESSAGE_LENGTH)])
export type LogLine = z.infer<typeof LogLine>

/** Where to read on: the ordinal of the next line, counted from 0. */
export const LogCursor = z.object({ line: z.int().nonnegative() })
export type LogCursor = z.infer<typeof LogCursor>

/**
 * `count` lines of a log as it is read from its beginning, from the one at `index`, counted from 0.
 * Lines that were left out of too long a log count as the one line that says so.
 */
export const LogSlice = z.object({
  index: z.int().nonnegative(),
  count: z.int().positive().max(MAX_PAGE_LINES),
})
export type LogSlice = z.infer<typeof LogSlice>

export function encodeLogCursor({ line }: LogCursor): string {
  return encodeCursor({ line })
}

/** Decodes a cursor; undefined when it is not valid. */
export function decodeLogCursor(encoded: string): LogCursor | undefined {
  return decodeCursor(LogCursor, encoded)
}

const STEPS: ReadonlySet<unknown> = new Set(Step.options)

/** As `LogLine` for all of them, but nothing is copied: pages are large, and there are many. */
function areLogLines(lines: unknown): boolean {
  return Array.isArray(lines) && lines.every(isLogLine)
}

function isLogLine(line: unknown): boolean {
  if (!Array.isArray(line) || line.length !== 3) return false
  const [timestamp, step, message] = line as unknown[]
  return (
    Number.isSafeInteger(timestamp) &&
    (timestamp as number) >= 0 &&
    STEPS.has(step) &&
    typeof message === 'string' &&
    message.length <= MAX_MESSAGE_LENGTH
  )
}

/**
 * A page of a log: its lines have the ordinals from the cursor on, one after the other. Where lines
 * were left out of too long a log, a page ends with the line that says so, and the next one begins
 * after them.
 * - `cursor` is there while more may follow: more is stored, or the build still writes.
 * - `complete` is true on the last page of a sealed log, and never before.
 * - `more` is true when the next page has lines already.
 */
export const LogPage = z.object({
  lines: z.custom<LogLine[]>(areLogLines, 'not lines of a log'),
  cursor: LogCursor.optional(),
  complete: z.boolean(),
  /** Missing in pages of the previous release. */
  more: z.boolean().default(false),
})
export type LogPage = z.infer<typeof LogPage>
