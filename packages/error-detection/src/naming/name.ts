/**
 * Names a decisive line that no signature knows: whose error it is, by the block and the command it
 * stands in, and why, by its words.
 *
 * @module
 */
import type { DetectedError } from '@workers-builds/contracts'
import type { Cause } from '../causes.ts'
import { CAUSES, GENERAL_CAUSES } from '../causes.ts'
import type { Candidate } from '../engine/decide.ts'
import { toDetectedError } from '../engine/decide.ts'
import type { CompiledSignature } from '../engine/knowledge-base.ts'
import { maskWords } from '../engine/mask.ts'
import { BLOCK_LINES } from '../localise/line-kinds.ts'
import type { Localised } from '../localise/localise.ts'
import type { ReadLine, View } from '../localise/view.ts'
import { causeOfWords } from './phrases.ts'
import type { Program } from './programs.ts'
import { programNamed, programOfPackage, programsOf } from './programs.ts'

/** Whose error it is where no tool is known: a script of the project, or a program of its own. */
export const PROGRAM_ERROR = 'program_error'

/** How sure a name is, by where it comes from. A signature's own lines have more. */
export const NAME_CONFIDENCE = {
  /** The headline above is known, and the line is its reason. */
  headline: 0.6,
  /** The tool and the cause are. */
  tool_and_words: 0.5,
  /** Only the words say something. */
  words: 0.35,
  /** Only the tool is known. */
  tool: 0.3,
} as const

/** The error of the line at `index` of the view; undefined when nothing names it. */
export function nameOf(localised: Localised, index: number): DetectedError | undefined {
  const { view } = localised
  const line = view.at(index)
  const headline = headlineSignature(localised, index)
  const cause = causeOfWords(line.core)
  if (headline) {
    return toError(localised, index, {
      error_code: headline.error_code,
      cause: cause ?? headline.cause,
      confidence: NAME_CONFIDENCE.headline,
    })
  }
  const program = programOf(localised, line)
  if (!program && !cause) return undefined
  return toError(localised, index, {
    error_code: program?.error_code ?? PROGRAM_ERROR,
    cause: cause ?? program?.cause ?? 'script_failed',
    confidence: confidenceOf(program, cause),
  })
}

function confidenceOf(program: Program | undefined, cause: Cause | undefined): number {
  if (!program) return NAME_CONFIDENCE.words
  return cause ? NAME_CONFIDENCE.tool_and_words : NAME_CONFIDENCE.tool
}

/** How many lines may introduce one after the other. */
const MAX_INTRODUCTIONS = 3

/**
 * The error of a matched line. One that says nothing but that the next one does is named by that
 * one; `follow` finds it.
 */
export function nameOfMatched(
  localised: Localised,
  lead: Candidate,
  follow: (candidate: Candidate) => Candidate,
): DetectedError {
  let candidate = follow(lead)
  for (let step = 0; step < MAX_INTRODUCTIONS; step++) {
    const { source, rank } = candidate.signature
    const index = placeOf(localised, candidate)
    if (!source.introduces || rank !== 'wrapper' || index === -1) break
    const { match } = localised.view.at(index)
    if (!match) return nameOf(localised, index) ?? toDetectedError(candidate)
    if (match.signature === candidate.signature) break
    candidate = follow({ ...match, line: candidate.line, step: candidate.step })
  }
  return refine(localised, candidate)
}

/**
 * What is reported of a matched line. A signature that knows a line by its beginning alone leaves
 * open whose error it is, which the log around it says, or why, which its words say.
 */
export function refine(localised: Localised, candidate: Candidate): DetectedError {
  const error = toDetectedError(candidate)
  const { rank, cause, of_section } = candidate.signature
  if (rank !== 'family' && !of_section) return error
  const index = placeOf(localised, candidate)
  if (index === -1) return error
  const line = localised.view.at(index)
  const program = of_section ? programOf(localised, line) : undefined
  // What a package manager runs has errors of its own.
  const owner = program?.cause === 'package_manager_error' ? undefined : program
  const worded =
    rank === 'family' && GENERAL_CAUSES.has(cause) ? causeOfWords(line.core) : undefined
  return {
    ...error,
    ...(owner && { error_code: owner.error_code }),
    ...(worded && { cause: worded, fault: CAUSES[worded].fault, title: CAUSES[worded].title }),
  }
}

/** The place in the view of the candidate's line; -1 where it is not looked at closely. */
function placeOf({ view }: Localised, { line }: Candidate): number {
  return view.lines.findIndex((other) => other.line === line)
}

interface Name {
  error_code: string
  cause: Cause
  confidence: number
}

function toError({ view }: Localised, index: number, name: Name): DetectedError {
  const { title, fault } = CAUSES[name.cause]
  const line = view.lines[index]
  return {
    error_code: name.error_code,
    error_group: maskWords(view.at(index).core),
    cause: name.cause,
    fault,
    step: line?.step ?? null,
    line: line?.line ?? null,
    confidence: name.confidence,
    title,
  }
}

/** The signature of the line that introduces the one at `index`. */
function headlineSignature({ view }: Localised, index: number): CompiledSignature | undefined {
  for (let at = index - 1; at >= Math.max(0, index - BLOCK_LINES); at--) {
    const { match, command } = view.at(at)
    if (command !== undefined) return undefined
    if (!match) continue
    const { signature } = match
    return signature.source.introduces || signature.source.headline ? signature : undefined
  }
  return undefined
}

/** A tool that names itself in front of its message: `[vite:css] …`, `hugo: …`. */
const LABEL = /^\[?([a-z][\w-]{1,30})(?::[\w:-]{1,40})?(?:\]|:(?= )| (?=error\b|ERR!))/i

function programOf({ view, log }: Localised, line: ReadLine): Program | undefined {
  const label = LABEL.exec(line.core)?.[1]
  const labelled = label === undefined ? undefined : programNamed(label)
  if (labelled) return labelled
  const thrown = programThrowing(view, line)
  if (thrown) return thrown
  for (let at = log.tree.sectionOf(line.index); at; at = at.parent) {
    const [program, ...others] = programsOf(at.command)
    // Of `tsc && vite build` the log does not say which one runs.
    if (program) return others.length === 0 ? program : undefined
  }
  return undefined
}

/** How many lines of a message may stand before the first frame of its stack. */
const MESSAGE_LINES = 6

/** The package of a stack frame: `at build (file:///…/node_modules/astro/dist/core/build.js:80:13)`. */
const PACKAGE_OF_FRAME =
  /node_modules\/((?:@[\w.-]{1,60}\/)?[\w.-]{1,100})\/(?!.{0,400}node_modules\/)/

/** The tool in whose code the error of `line` was thrown, by the first frame of its stack. */
function programThrowing(view: View, { index }: ReadLine): Program | undefined {
  for (let at = index + 1; at <= index + MESSAGE_LINES; at++) {
    const { text, looks } = view.at(at)
    if (!looks.has('frame') || text.includes('node:')) continue
    return programOfPackage(PACKAGE_OF_FRAME.exec(text)?.[1] ?? '')
  }
  return undefined
}
