/** The result of error detection for a failed build. */
import { z } from 'zod'
import { Step } from './log.ts'

/**
 * Whose fault a failure is. `suspect` looks like the user's and is worth a platform engineer's
 * eye.
 */
export const Fault = z.enum(['user', 'platform', 'upstream', 'suspect'])
export type Fault = z.infer<typeof Fault>

/** The outcome of a scan. Without a row the build was not scanned yet. */
export const ScanOutcome = z.enum(['detected', 'no_match', 'no_log', 'scan_failed'])
export type ScanOutcome = z.infer<typeof ScanOutcome>

/**
 * What a good build printed, as a set of hashes: of each of its lines, without what differs from
 * build to build, 32 bits. No text can be read out of it.
 */
export const LineTemplates = z.object({
  /** Readers do without a set of a version that they do not know. */
  v: z.int(),
  /** Four bytes a line, little-endian, at most 32 KB. */
  hashes: z.instanceof(Uint8Array),
})
export type LineTemplates = z.infer<typeof LineTemplates>

/** One reason why a build failed. */
export const DetectedError = z.object({
  /** Whose error it is: `wrangler_error`, `npm_error`, … */
  error_code: z.string(),
  /** The message with all that is not public masked: equal failures have equal groups. */
  error_group: z.string(),
  /** The reason across tools: `module_not_found`, `lockfile_out_of_sync`, … */
  cause: z.string(),
  fault: Fault,
  /** What the build was doing; null when the log does not say. */
  step: Step.nullable(),
  /**
   * The place of the decisive line among the lines of the log, counted from 0, for programs that hold
   * them; whatever people or other systems read counts from 1 and is called `line_number`. Null when
   * the failure is known without a log.
   */
  line: z.int().nonnegative().nullable(),
  /** 0 … 1 */
  confidence: z.number().min(0).max(1),
  /** The failure in a few words, for a person. */
  title: z.string(),
})
export type DetectedError = z.infer<typeof DetectedError>
