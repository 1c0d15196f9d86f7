/**
 * Which signature describes a line most closely.
 *
 * @module
 */
import type { Step } from '@workers-builds/contracts'
import type { CompiledSignature, KnowledgeBase, Match } from './knowledge-base.ts'
import { compareMatches, matchSignature } from './knowledge-base.ts'
import { plainText } from './plain-text.ts'
import { searchBlocks } from './search.ts'

/** A line in which literals of signatures were found. */
export interface Hit {
  /** Normalised. */
  message: string
  step: Step | null
  /** The ids of the literals. */
  hits: ReadonlySet<number>
  /** The tools that its step has shown to run so far; undefined when that is not known. */
  running: ReadonlySet<string> | undefined
  /** The last messages before it, none of them blank. */
  before: () => readonly string[]
}

/** The signature that describes `text` best, by itself or after the messages `before` it. */
export function matchLine(
  knowledge: KnowledgeBase,
  { text, step, before = [] }: { text: string; step: Step | null; before?: readonly string[] },
): Match | undefined {
  const hits = searchBlocks(knowledge, [text])[0]?.get(0)
  if (!hits) return undefined
  const message = knowledge.normalise(plainText(text))
  return bestMatch(knowledge, { message, step, hits, running: undefined, before: () => before })
}

/** The signature that describes the line `hit` best, the first one of equals. */
export function bestMatch(knowledge: KnowledgeBase, hit: Hit): Match | undefined {
  if (knowledge.isNoise(hit.message)) return undefined
  if (knowledge.isEcho(hit.message, () => hit.before().at(-1))) return undefined
  let best: Match | undefined
  for (const id of hit.hits) {
    for (const signature of knowledge.byNeedle[id]?.signatures ?? []) {
      if (!appliesInStep(signature, hit)) continue
      const match = matchSignature(signature, hit.message)
      if (!match || (best && compareMatches(best, match) <= 0)) continue
      if (appliesAfter(signature, hit)) best = match
    }
  }
  return best
}

/** Whether lines of `signature` are to be expected in the step of the line. */
function appliesInStep({ steps, unless_running }: CompiledSignature, hit: Hit): boolean {
  const { step, running } = hit
  if (step && steps && !steps.includes(step)) return false
  if (unless_running === undefined) return true
  return step !== null && running !== undefined && !running.has(unless_running)
}

/** Whether the lines before the line are those that `signature` asks for. */
function appliesAfter(signature: CompiledSignature, { message, before }: Hit): boolean {
  const { previous, listed } = signature.source
  if (previous && !previous.test(before().at(-1) ?? '')) return false
  return !(listed && isListedAsWarning(signature, message, before))
}

/** Whether the head under which the line stands is that of a warning. */
function isListedAsWarning(
  { list_heads }: CompiledSignature,
  message: string,
  before: Hit['before'],
): boolean {
  if (!list_heads || list_heads.any.test(message)) return false
  const head = before().findLast((earlier) => list_heads.any.test(earlier))
  return head !== undefined && list_heads.warning.test(head)
}
