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
   * - `{ts}` is a public value and is kept; its alphabet is in `public/values.ts`,
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
  /**
   * Lines soon after it that name what it is about. The first pattern that one of them, or the line
   * itself, matches decides.
   */
  named_by?: readonly NamingLine[]
  /** The line says where it happened: an error right after it says why, and comes first. */
  headline?: boolean
  /** The line may stand in a list under one of the tool's `list_heads`: under a warning it is none. */
  listed?: boolean
  /** Whoever ran the build saw the cause itself, and says so: no other line says more. */
  settles?: boolean
  /** A tool's count of its failures: it is left out after one of them. */
  sums_up?: boolean
  /** Other tools print such lines too: it is the error of the one that the log says is running. */
  of_section?: boolean
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

/** A line that names the file, package, field or value of a failure. */
export interface NamingLine {
  when: RegExp
  /** What the line before it matches. */
  after?: RegExp
  /** The signature of the same tool whose failure it is then. */
  as?: string
  /** The line itself stays the decisive one: it names more. */
  stays?: true
}

/** What a tool's failures look like, and whatever is peculiar to its lines. */
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
   * The name of a tool that passes this one's messages on: they are this one's own only where the
   * step is known to be one of `steps`, and nothing in it has shown so far that the other one runs.
   */
  unless_running?: string
  /** Default of its signatures. */
  of_section?: boolean
  /** By a name that is unique within the tool. */
  signatures: Readonly<Record<string, Signature>>

  /** What the tool puts in front of the lines of the programs that it runs. */
  prefixes?: readonly RegExp[]
  /** How its messages begin, where the beginning is written in several ways. */
  heads?: readonly Head[]
  /** What it prints instead of a message's beginning. */
  lead_ins?: readonly LeadIn[]
  /** Lines that report no failure, whatever words they hold; compared with normalised messages. */
  noise?: readonly RegExp[]
  /** Lines of success that come by the thousand: they are dropped before anything is tried on them. */
  routine?: readonly Routine[]
  /** Lines that are no failure but show how to read the others. */
  markers?: readonly Marker[]
  /** What its lists stand under: a line that is a head (`any`), and one that heads warnings. */
  list_heads?: { any: RegExp; warning: RegExp }
}

/** The beginning of a message that differs between versions of its tool, and between terminals. */
export interface Head {
  /** As signatures write it. */
  text: string
  /** As logs have it. */
  written: RegExp
  /** To search for instead, in signatures that hold little more than the head. */
  spellings?: readonly string[]
}

/** What stands directly before a message that has lost its own beginning. */
export interface LeadIn {
  written: RegExp
  /** The lost beginning. */
  stands_for: string
  /** The message has its beginning where it matches this. */
  unless: RegExp
}

/** A line of success, as a log has it. */
export interface Routine {
  /** Its last characters, which are compared first. */
  end: string
  when: RegExp
}

/** A line that shows where a step begins, or that what stands before it ended well. */
export interface Marker {
  needle: string
  /** The line, normalised, must match this. */
  when: RegExp
  /** From here on the build is in this step. */
  begins?: Step
  /**
   * Which errors before the line were not the cause: `all`, or the `weak` ones, which are only
   * known by their looks.
   */
  absolves?: 'all' | 'weak'
  /** The line shows that the tool runs in this step. */
  shows_tool?: true
}

/** Describes a tool's failures; see `Signature`. */
export function defineTool(tool: Tool): Tool {
  return tool
}
