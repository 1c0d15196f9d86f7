/**
 * How many of a tool's messages the detector names, each in a log of its own.
 *
 * @module
 */
import type { Cause } from '../src/causes.ts'
import { GENERAL_CAUSES } from '../src/causes.ts'
import type { DetectedError } from '../src/index.ts'
import { detect } from '../src/index.ts'
import { causeOfWords } from '../src/naming/phrases.ts'
import type { Message } from './message.ts'
import { isInternal, PRIVATE, passesOn } from './message.ts'
import type { CataloguedTool } from './tool.ts'
import { lines } from './tool.ts'

/** Causes that say what kind of thing is wrong, where others say what to mend. */
const BROAD: ReadonlySet<string> = new Set<Cause>([
  'config_invalid',
  'conflict',
  'framework_misuse',
  'not_supported',
  'resource_not_found',
])

export interface Counts {
  /** Messages that are for people, not for the tool's own makers. */
  messages: number
  /** The right tool, at the right line. */
  tool: number
  /** A cause, and not one that only says that something failed. */
  cause: number
  /** Of these, causes that name a kind rather than a reason. */
  broad: number
  /** A group without any private value, and with words. */
  group: number
  /** All three. */
  named: number
  /** Messages about faults of the tool itself, and those that only introduce another one. */
  left_out: number
}

export interface Measured {
  counts: Counts
  unnamed: readonly Unnamed[]
}

export interface Unnamed {
  message: Message
  /** What is missing. */
  lacks: readonly string[]
  error: DetectedError | undefined
}

export function measure(tool: CataloguedTool, messages: readonly Message[]): Measured {
  const read = messages.filter(({ text }) => !isInternal(text) && !passesOn(text))
  const counts = { messages: read.length, tool: 0, cause: 0, broad: 0, group: 0, named: 0 }
  const unnamed: Unnamed[] = []
  for (const message of read) {
    const { error, isPlace } = explain(tool, message)
    const has = {
      tool: isPlace && error !== undefined && isOf(tool, error),
      cause: isPlace && error !== undefined && saysWhy(error, message),
      group: isPlace && error !== undefined && saysSomething(error.error_group),
    }
    const lacks = (['tool', 'cause', 'group'] as const).filter((what) => !has[what])
    for (const what of ['tool', 'cause', 'group'] as const) counts[what] += Number(has[what])
    if (has.cause && error && BROAD.has(error.cause)) counts.broad++
    if (lacks.length === 0) counts.named++
    else unnamed.push({ message, lacks, error })
  }
  return { counts: { ...counts, left_out: messages.length - read.length }, unnamed }
}

/** Whether the error is the tool's; one of the environment is whatever tool reports it. */
function isOf({ error_codes }: CataloguedTool, { error_code }: DetectedError): boolean {
  return error_codes.includes(error_code) || error_code === 'environment_error'
}

/** How sure a signature's own cause is at least. */
const SPECIFIC = 0.9

/** Whether the cause says more than that something failed. */
function saysWhy({ cause, confidence }: DetectedError, { text }: Message): boolean {
  if (cause === 'unclassified') return false
  if (!GENERAL_CAUSES.has(cause)) return true
  // Where it comes from the tool's code alone, it is what all errors of a framework are.
  return (
    cause === 'framework_misuse' &&
    (confidence >= SPECIFIC || lines(text).some((line) => causeOfWords(line) === cause))
  )
}

/** The first error of a log in which the tool prints the message, and whether it is in its lines. */
function explain(
  tool: CataloguedTool,
  message: Message,
): { error: DetectedError | undefined; isPlace: boolean } {
  const before = tool.command ? ['', '> site@1.0.0 build', `> ${tool.command}`, ''] : []
  const printed = tool.print(message)
  const [error] = detect([...before, ...printed, END]).errors
  const line = printed[(error?.line ?? -1) - before.length] ?? ''
  const isPlace = lines(message.text).some(
    (text) => text.trim() !== '' && line.includes(text.trim()),
  )
  return { error, isPlace }
}

/** The last line of every build whose command failed. */
const END = 'Failed: error occurred while running build command'

/** `ERR_PNPM_NO_MATCHING_VERSION`, `NUXT_B5002`, `NoAdapterInstalled` */
const CODE = /^(?:[A-Z]{2,}\w*_[A-Z0-9_]+|[A-Z][a-z]+[A-Z]\w+)$/

/** Whether a group holds words, or a code, and nothing private. */
function saysSomething(group: string): boolean {
  if (group.includes(PRIVATE)) return false
  const words = group.replaceAll(/\w*<[^>]*>/g, ' ').match(/[A-Za-z][\w'’]+/g) ?? []
  return words.length >= 2 || words.some((word) => CODE.test(word))
}
