/**
 * The types of `@workers-builds/contracts` that the published package names, without zod. A type in
 * `contracts.check.ts` fails to compile where the two differ.
 */

/** What a build was doing when a line was written. */
export type Step = 'initializing' | 'cloning' | 'installing' | 'building' | 'deploying'

/** A stored line: `[timestamp in ms since the epoch, step, message]`. */
export type LogLine = [number, Step, string]

/**
 * Whose fault a failure is. `suspect` looks like the user's and is worth a platform engineer's eye.
 */
export type Fault = 'user' | 'platform' | 'upstream' | 'suspect'

/** How a build failed, as far as its builder knows without the log. */
export type FailureReason =
  | 'clone_failed'
  | 'install_failed'
  | 'build_command_failed'
  | 'deploy_command_failed'
  | 'internal_error'
  | 'initialization_failed'
  | 'timed_out'
  | 'health_check_failed'
  | 'build_token_invalid'
  | 'repo_disconnected'

/** One reason why a build failed. */
export interface DetectedError {
  /** Whose error it is: `wrangler_error`, `npm_error`, … */
  error_code: string
  /** The message with all that is not public masked: equal failures have equal groups. */
  error_group: string
  /** The reason across tools: `module_not_found`, `lockfile_out_of_sync`, … */
  cause: string
  fault: Fault
  /** What the build was doing; null when the log does not say. */
  step: Step | null
  /** The place of the decisive line among the lines, counted from 0; null without a log. */
  line: number | null
  /** 0 … 1 */
  confidence: number
  /** The failure in a few words, for a person. */
  title: string
}

/** What a good build printed, as a set of hashes; see `createLineTemplates`. */
export interface LineTemplates {
  v: number
  /** Four bytes a line, little-endian, at most 32 KB. */
  hashes: Uint8Array<ArrayBuffer>
}
