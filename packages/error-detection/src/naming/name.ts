/**
 * Names a decisive line that no signature knows: whose error it is, by the block and the command it
 * stands in, and why, by its words.
 *
 * @module
 */
import type { DetectedError } from '@workers-builds/contracts'
import type { Cause } from '../causes.ts'
import { CAUSES } from '../causes.ts'
import type { CompiledSignature } from '../engine/knowledge-base.ts'
import { maskWords } from '../engine/mask.ts'
import { BLOCK_LINES } from '../localise/line-kinds.ts'
import type { Localised } from '../localise/localise.ts'
import type { ReadLine } from '../localise/view.ts'
import { causeOfWords } from './phrases.ts'
import type { Program } from './programs.ts'
import { programNamed, programsOf } from './programs.ts'

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

function programOf({ log }: Localised, line: ReadLine): Program | undefined {
  const label = LABEL.exec(line.core)?.[1]
  const labelled = label === undefined ? undefined : programNamed(label)
  if (labelled) return labelled
  for (let at = log.tree.sectionOf(line.index); at; at = at.parent) {
    const [program, ...others] = programsOf(at.command)
    // Of `tsc && vite build` the log does not say which one runs.
    if (program) return others.length === 0 ? program : undefined
  }
  return undefined
}
