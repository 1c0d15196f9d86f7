/**
 * Brings the many forms in which a tool's message reaches a log to one: the prefixes of whatever ran
 * the tool are removed, white space becomes one space, and one spelling stands for those of several
 * versions. What is peculiar to a tool comes from its data.
 *
 * @module
 */
import type { Head, LeadIn, Tool } from '../signature.ts'

export interface Normaliser {
  /** `text`, a line's `plainText`, as templates are compared with it. */
  normalise(text: string): string
  /** Whether `message`, normalised, is one that builds that succeed print as well. */
  isNoise(message: string): boolean
  /**
   * Whether `message` is the command of a script that is echoed before it runs; `previous` returns
   * the message before it, which is asked for only where it decides.
   */
  isEcho(message: string, previous: () => string | undefined): boolean
  /** Whether `text`, a line's `plainText`, reports one of a tool's many successes. */
  isRoutine(text: string): boolean
}

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f\ufeff]/g

/** What may stand in front of any tool's message. */
export const PREFIXES: readonly RegExp[] = [
  // 2026-01-17T19:15:23.209Z	…   2025-11-19 08:11:22,545 …
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?[ \t]*/,
  // 14:24:44.378	…   7:03:04 PM: …   [12:01:22] …
  /^\[?\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?(?: [AP]M)?\]?:?(?:[ \t]+|$)/,
  /^(?:stderr|stdout): /,
  // │ …  (boxes)
  /^[│┃|] {1,80}/,
]

/** Lines that report no failure, whatever words they hold and whichever tool prints them. */
export const NOISE: readonly RegExp[] = [
  // warnings and notices
  /^(?:warn|WARN|warning|Warning|WARNING|notice|hint|info|INFO|debug|DEBUG)\b(?!\w*Error|, treated as error)/,
  /^\[(?:WARN|WARNING|warn|warning|INFO|info|DEBUG)\](?! Code style issues)/,
  /^(?:⚠|⚠️|▲|ΓÜá|<w>|\(!\)|ℹ|i ) ?(?!\[ERROR\])/,
  /\[(?:WARN|WARNING)\]/,
  // a file that was written, with its size
  /^\S{1,300} \d{1,9}(?:[.,]\d{1,3}){0,3} [kMG]?B(?: [│|]|$)/,
  // something that is tried again
  /\b(?:[Rr]etrying|[Ww]ill retry|[Tt]rying again|attempt \d{1,3} failed|attempt \d{1,3} of \d{1,3})\b/,
  // a line of source code
  /^>? ?\d{1,6} ?[|│]/,
  // a command that is only echoed, by package managers and by `set -x`
  /^\$ /,
  /^\+{1,9} \S/,
]

/** What stands above the echoed command of a script: `> site@1.0.0 build`, `> nx run site:build`. */
const SCRIPT_HEADER =
  /^> (?:@?[\w./-]{1,214}@\S{0,64} |nx run )?[a-zA-Z@][\w.:/-]{0,200}(?: \/\S{0,400})?$/
const ECHOED_SCRIPT = /^> \S/
/** For the proof that no pattern takes long. */
export const ECHOES: readonly RegExp[] = [SCRIPT_HEADER, ECHOED_SCRIPT]

/** The normaliser of logs in which all of `tools` may have printed. */
export function createNormaliser(tools: readonly Tool[]): Normaliser {
  const anyPrefix = oneOf([...tools.flatMap(({ prefixes = [] }) => prefixes), ...PREFIXES])
  const anyNoise = oneOf([...tools.flatMap(({ noise = [] }) => noise), ...NOISE])
  const leadIns = tools.flatMap(({ lead_ins = [] }) => lead_ins)
  const heads = tools.flatMap(({ heads = [] }) => heads)
  const routines = tools.flatMap(({ routine = [] }) => routine)
  return {
    normalise(text) {
      const message = withoutPrefixes(text.replace(CONTROL, '').trim(), anyPrefix)
      const named = leadIns.reduce(withoutLeadIn, message)
      return heads.reduce(withOneHead, named.replace(/\s{1,2048}/g, ' ')).trimEnd()
    },
    isNoise: (message) => anyNoise.test(message),
    isEcho: (message, previous) =>
      ECHOED_SCRIPT.test(message) && SCRIPT_HEADER.test(previous() ?? ''),
    isRoutine: (text) => routines.some(({ end, when }) => text.endsWith(end) && when.test(text)),
  }
}

function withoutPrefixes(text: string, anyPrefix: RegExp): string {
  let message = text
  for (let prefix = anyPrefix.exec(message); prefix; prefix = anyPrefix.exec(message)) {
    message = message.slice(prefix[0].length).trimStart()
  }
  return message
}

function withoutLeadIn(message: string, { written, stands_for, unless }: LeadIn): string {
  const leadIn = written.exec(message)?.[0]
  if (leadIn === undefined) return message
  const rest = message.slice(leadIn.length)
  return unless.test(rest) ? rest : stands_for + rest
}

function withOneHead(message: string, { written, text }: Head): string {
  return message.replace(written, text)
}

/** One pattern for all: a single call per line. */
function oneOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'))
}
