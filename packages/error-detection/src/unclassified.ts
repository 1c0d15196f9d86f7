/**
 * The fallback for builds that no signature explains: the line that looks most like an error, with
 * all but public words masked. It is work for whoever writes signatures, and never an explanation.
 *
 * @module
 */

import type { DetectedError } from '@workers-builds/contracts'
import type { RecentLine } from './engine/lines.ts'
import { maskWords } from './engine/mask.ts'
import { matchLine } from './engine/match-line.ts'
import { plainText } from './engine/plain-text.ts'
import { knowledgeBase } from './knowledge.ts'

export const UNCLASSIFIED = 'unclassified'

/** What errors look like, each with a score; the highest of those that fit counts. */
const LOOKS: readonly [RegExp, number][] = [
  [/^(?:✘|✖|×|⨯|❌|x) \S/, 4],
  [/^\[?(?:fatal|panic|uncaught|unhandled)\b/i, 4],
  [
    /^(?:\[[\w:./ -]{1,40}\] ?)?\[?(?:\w{1,40}(?:Error|Exception)|error|fail(?:ed|ure))\b[\]:! ]/i,
    3,
  ],
  [/\b(?:error|exception|fatal|failure)\b ?[:!]/i, 3],
  [/\b(?:failed|cannot|could not|couldn't|unable to|not found|no such|refused|denied)\b/i, 2],
  [/\b(?:error|invalid|missing|unexpected|undefined|unknown|unsupported|exceeded)\b/i, 1],
]

/** A line of at least this score is taken for the cause, rather than the wrapper line that was found. */
const CONVINCING = 3

/** Lines that end most failed logs and say nothing about the cause. */
const EPILOGUE =
  /^npm error|^(?:\d+ )?(?:errors?|warnings?) found|^(?:0|no) errors?\b|A complete log of this run|^Logs were written|this build is failing|^Build failed\b|^Failed during stage|^['"]?\w{1,40}['"]?: (?:true|false|null|undefined|-?\d{1,9}|\[|\{)[,\]}]{0,2}$/i

interface Guess {
  score: number
  line: RecentLine
  message: string
}

/** The line of `recent` that looks most like an error and is not explained; the first of equals. */
function bestGuess(recent: readonly RecentLine[]): Guess | undefined {
  const knowledge = knowledgeBase()
  let best: Guess | undefined
  let last: string | undefined
  for (const line of recent) {
    const message = knowledge.normalise(plainText(line.message))
    if (message === '') continue
    const previous = last
    last = message
    if (knowledge.isEcho(message, () => previous)) continue
    if (knowledge.isNoise(message) || EPILOGUE.test(message)) continue
    const score = Math.max(0, ...LOOKS.map(([look, worth]) => (look.test(message) ? worth : 0)))
    if (score <= (best?.score ?? 0)) continue
    if (matchLine(knowledge, { text: line.message, step: line.step })) continue
    best = { score, line, message }
  }
  return best
}

/** The unexplained error of a build of which nothing is known. */
export function unclassifiedError(recent: readonly RecentLine[]): DetectedError | undefined {
  const guess = bestGuess(recent)
  return guess && toError(guess)
}

/** The same, where only a wrapper line is known: undefined when that is as good as any other. */
export function convincingUnclassifiedError(
  recent: readonly RecentLine[],
): DetectedError | undefined {
  const guess = bestGuess(recent)
  return guess && guess.score >= CONVINCING ? toError(guess) : undefined
}

function toError({ line, message }: Guess): DetectedError {
  return {
    error_code: UNCLASSIFIED,
    error_group: maskWords(message),
    cause: UNCLASSIFIED,
    fault: 'suspect',
    step: line.step,
    line: line.line,
    confidence: 0.1,
    title: 'An error that is not yet known',
  }
}
