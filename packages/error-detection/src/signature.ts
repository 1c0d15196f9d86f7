/**
 * What a signature is. A signature is data: the words a tool prints, written once, from which come
 * the literal that is searched for, the match, the mask and the group.
 *
 * @module
 */
import type { Fault, Step } from '@workers-builds/contracts'
import type { Cause } from './causes.ts'

/**
 * How close to the root cause a matched line is; the first of these wins.
 * - `infrastructure`: disk, memory, network: it causes all the others
 * - `specific`: one known failure
 * - `family`: a structured error of a tool, known by its code or class only
 * - `wrapper`: a tool saying that something it ran has failed
 * - `stage`: the builder saying which of its steps failed
 */
export const RANKS = ['infrastructure', 'specific', 'family', 'wrapper', 'stage'] as const
export type Rank = (typeof RANKS)[number]

export interface Signature {
  /**
   * The tool's own words, as a template; more than one where versions differ. The first one is also
   * the `error_group`, so a group never holds anything that is not written here:
   * - `<MODULE>` is any text and is masked by its own name,
   * - `{ts}` is a public value and is kept; its alphabet is in `engine/public-values.ts`,
   * - `{words}` is the rest of the line, of which only words of the vocabulary are kept,
   * - `^` at the start and `$` at the end tie it to the ends of the message,
   * - two spaces stand for any run of white space.
   */
  message: string | readonly string[]
  cause: Cause
  /** Real lines that this signature is for; the tests are generated from them. */
  examples: readonly string[]
  /** Default `specific`. */
  rank?: Rank
  /**
   * What to search for instead of each message's longest literal: fewer, or all of them where the
   * longest is no good. One of them must occur in every line that is to match; `\n` at
   * the start of one ties it to the start of the line.
   */
  needles?: readonly string[]
  /** The group, where the first message is not a good one. */
  group?: string
  /** The line must match this as well. */
  when?: RegExp
  /** The line must not match this. */
  unless?: RegExp
  /** The last line before it that is not blank must match this. */
  previous?: RegExp
  /** The line only introduces the next one, which is the decisive one. */
  introduces?: boolean
  /** Wrangler lists such lines under a head, and they count only where that is no warning. */
  listed?: boolean
  /** A tool's count of its failures: it is not told beside one of them that stands before it. */
  sums_up?: boolean
  /** Default: those of the tool. */
  steps?: readonly Step[]
  /** Default: that of the tool. */
  error_code?: string
  /** Default: that of the cause; and so on down. */
  fault?: Fault
  title?: string
  fix?: string
  docs_url?: string
}

export interface Tool {
  /** As people write it: `npm`, `Next.js`. */
  name: string
  /** Whose error it is: the `error_code` of its signatures. */
  error_code: string
  /** Where its documentation of errors begins. */
  docs_url: string
  /** The steps of a build in which it runs; default all. */
  steps?: readonly Step[]
  /**
   * The tool is told from Wrangler, which passes its messages on, by the log: the step must be known
   * to be one of `steps`, and nothing in it may have named Wrangler so far.
   */
  unless_wrangler?: boolean
  /** By a name that is unique within the tool. */
  signatures: Readonly<Record<string, Signature>>
}

/** Says what a tool's failures look like; see `Signature`. */
export function defineTool(tool: Tool): Tool {
  return tool
}
