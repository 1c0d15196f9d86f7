/**
 * What a person reads of the log itself: the decisive line, the lines around it, and the place in
 * the repository that they name. The lines come out of the log as it is stored, so that whatever was
 * masked there stays masked.
 *
 * @module
 */
import { plainText } from './engine/plain-text.ts'
import { locationIn, type SourceLocation } from './source-location.ts'

/** How many lines of context are shown. */
const SHOWN = { before: 2, after: 4 }

/** How many lines are looked at for the place in the repository: a linter names the file far above. */
const READ = { before: 30, after: 14 }

/** Longest text of one line, in UTF-16 code units. */
const MAX_TEXT = 1_000

export interface NumberedLine {
  /** Counted from 1. */
  line_number: number
  /** Without colours, cut where it is very long. */
  text: string
}

export interface Excerpt {
  decisive: NumberedLine
  /** At most six lines around the decisive one that are not blank, in the order of the log. */
  context: NumberedLine[]
  location: SourceLocation | null
}

/** Which lines of a log `excerptOf` needs for the error at `line`: counted from 0. */
export function linesOfExcerpt(line: number): { index: number; count: number } {
  const index = Math.max(0, line - READ.before)
  return { index, count: line - index + 1 + READ.after }
}

/**
 * The excerpt around `line`, counted from 0; `lines` are those that `linesOfExcerpt` asks for, fewer
 * where the log ends. Undefined where the log does not reach to the line.
 */
export function excerptOf({
  line,
  lines,
  root_directory = '',
}: {
  line: number
  lines: readonly string[]
  /** Where in the repository the build's commands run. */
  root_directory?: string
}): Excerpt | undefined {
  const { index } = linesOfExcerpt(line)
  const texts = lines.map(plainText)
  const at = line - index
  const decisive = texts[at]
  if (decisive === undefined) return undefined
  const numbered = texts.map((text, place): NumberedLine => {
    return { line_number: index + place + 1, text: text.trimEnd().slice(0, MAX_TEXT) }
  })
  const around = [
    ...numbered.slice(Math.max(0, at - SHOWN.before), at),
    ...numbered.slice(at + 1, at + 1 + SHOWN.after),
  ]
  return {
    decisive: numbered[at] as NumberedLine,
    context: around.filter(({ text }) => text.trim() !== ''),
    location: locationIn({
      lines: texts.map((text) => text.slice(0, MAX_TEXT)),
      at,
      root_directory,
    }),
  }
}

/** The lines of an excerpt as text, numbered, with the decisive one marked. */
export function excerptText({ decisive, context }: Pick<Excerpt, 'decisive' | 'context'>): string {
  return [decisive, ...context]
    .toSorted((a, b) => a.line_number - b.line_number)
    .map((line) => `${line === decisive ? '>' : ' '} ${line.line_number}: ${line.text}`)
    .join('\n')
}

/** `src/a.ts:3:5`, as editors and terminals link it. */
export function locationText({ file, line, column }: SourceLocation): string {
  return [file, line, column].filter((part) => part !== null).join(':')
}
