/**
 * The part of a log in which the answer is looked for, read line by line when somebody asks.
 *
 * @module
 */
import type { KnowledgeBase, Match } from '../engine/knowledge-base.ts'
import { matchLine } from '../engine/match-line.ts'
import { MAX_LENGTH, plainText } from '../engine/plain-text.ts'
import type { ViewLine } from '../engine/view-line.ts'
import { Looks, MAY_ECHO, STACK, SUCCEEDS, SUSPECT } from './looks.ts'
import { createPrefixes } from './prefixes.ts'
import { echoedCommand } from './sections.ts'

/** A line, read. */
export interface ReadLine {
  /** Its place in the view. */
  index: number
  /** Without colours and without what stands before every line of its stretch. */
  text: string
  /** Its message, normalised. */
  core: string
  blank: boolean
  /** Spaces in front of the text. */
  indent: number
  /** Printed in red. */
  red: boolean
  /** Such as successful builds print as well. */
  noise: boolean
  looks: Looks
  match: Match | undefined
  /** What comes after it shows that it was no cause. */
  absolved: boolean
  /** It is only shown before it runs. */
  script: boolean
  /** The command that it echoes. */
  command: string | undefined
}

export interface View {
  length: number
  lines: readonly ViewLine[]
  /** The line at `index`; blank outside of the view. */
  at(index: number): ReadLine
  /** Whether the line at `index` may be the answer by its words, before it is read. */
  isSuspect(index: number): boolean
  /** Whether the stack of an error begins with it, before it is read. */
  beginsStack(index: number): boolean
  /** Whether something in it may be quoted. */
  mayQuote(index: number): boolean
  /** Whether it says of a success, before it is read. */
  succeeds(index: number): boolean
  /** Whether it may echo a command, before it is read. */
  mayEcho(index: number): boolean
}

const TIME =
  /^\s{0,3}(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?|\[?\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?(?: [AP]M)?\]?:?)(?:[ \t]|$)/

/** Colours whose escape character was lost on the way. */
const LOST_ESCAPE = /\[(?:\d{1,3};){0,4}\d{1,3}m/g
/** GitHub prints the script of a step in this colour, before it runs it. */
const SCRIPT = /\x1b\[36;1m|^\[36;1m|Z \[36;1m/
const RED = /(?:\x1b|\^\[)?\[(?:\d{1,3};){0,3}(?:31|91|41)m/

const QUOTE = /['"`‘“]/
/** A line that echoes a command begins at the left edge. */
const MAX_COMMAND_INDENT = 3

const NOTHING: ReadLine = {
  index: -1,
  text: '',
  core: '',
  blank: true,
  indent: 0,
  red: false,
  noise: false,
  looks: new Looks('', ''),
  match: undefined,
  absolved: false,
  script: false,
  command: undefined,
}

export function createView(knowledge: KnowledgeBase, lines: readonly ViewLine[]): View {
  const plain: (string | undefined)[] = []
  const read: (ReadLine | undefined)[] = []
  const prefixes = createPrefixes(plainAt)

  function plainAt(index: number): string | undefined {
    const line = lines[index]
    if (line === undefined) return undefined
    plain[index] ??= withoutTime(withoutColours(plainText(line.message)))
    return plain[index]
  }

  function readLine(index: number): ReadLine {
    const { match, step, message, absolved = false } = lines[index] as ViewLine
    const text = withoutTime(prefixes.without(index)).trimEnd()
    const core = knowledge.normalise(text)
    const indent = text.length - text.trimStart().length
    const isAsPrinted = text === plainAt(index)?.trimEnd()
    return {
      index,
      text,
      core,
      blank: core === '',
      indent,
      red: RED.test(message),
      noise: knowledge.isNoise(core),
      looks: new Looks(text, core),
      match: match ?? (isAsPrinted ? undefined : matchLine(knowledge, { text, step })),
      absolved,
      script: SCRIPT.test(message),
      command:
        indent <= MAX_COMMAND_INDENT
          ? (echoedCommand(text.trimStart()) ?? echoedCommand(core))
          : undefined,
    }
  }

  /** Whether lines have `pattern`; each is searched once. */
  function having(pattern: RegExp): (index: number) => boolean {
    const known: (boolean | undefined)[] = []
    return (index) => {
      known[index] ??= pattern.test(shortened(lines[index]?.message ?? ''))
      return known[index] as boolean
    }
  }
  const isSuspect = having(SUSPECT)
  const beginsStack = having(STACK)

  return {
    length: lines.length,
    lines,
    at(index) {
      if (index < 0 || index >= lines.length) return NOTHING
      read[index] ??= readLine(index)
      return read[index] as ReadLine
    },
    isSuspect: (index) =>
      lines[index]?.match !== undefined || isSuspect(index) || beginsStack(index + 1),
    beginsStack,
    mayQuote: having(QUOTE),
    succeeds: having(SUCCEEDS),
    mayEcho: having(MAY_ECHO),
  }
}

/** Longer lines are not searched to their ends for a hint. */
function shortened(message: string): string {
  return message.length > MAX_LENGTH ? message.slice(0, MAX_LENGTH) : message
}

function withoutColours(text: string): string {
  return text.includes('m') ? text.replace(/\^\[(?=\[)/g, '').replace(LOST_ESCAPE, '') : text
}

function withoutTime(text: string): string {
  return text.replace(TIME, '')
}
