/**
 * Reads a log once and collects the lines that may say why the build failed. What it holds does not
 * grow with the log: one candidate per group, and the last few hundred lines.
 *
 * @module
 */

import type { LogLine, Step } from '@workers-builds/contracts'
import type { Candidate } from './decide.ts'
import type { Match } from './knowledge-base.ts'
import { compareMatches, knowledgeBase, matchSignature } from './knowledge-base.ts'
import { isNoise, MAX_LENGTH, normalise, plainText } from './normalise.ts'
import type { Marker } from './progress.ts'

/** A line of a log: as it is stored, or only its message. */
export type AnyLine = LogLine | string

/** A line that is remembered, with its place in the log. */
export interface RecentLine {
  line: number
  step: Step | null
  message: string
}

/** Lines before the end that a second look may go over. */
export const RECENT_LINES = 400

/** Groups that are remembered; a build with more failures than that is not explained by the rest. */
const MAX_CANDIDATES = 256

const STEPS: readonly Step[] = ['initializing', 'cloning', 'installing', 'building', 'deploying']

export interface Scan {
  read(lines: Iterable<AnyLine>): void
  candidates(): Candidate[]
  recent(): readonly RecentLine[]
  linesRead(): number
}

export function createScan(): Scan {
  const { needles, byNeedle } = knowledgeBase()
  const found = new Map<string, Candidate>()
  const hits = new Set<number>()
  let recent: RecentLine[] = []
  let line = 0
  /** What the lines themselves say of the step, for logs that do not store it. */
  let inferred: Step | null = null
  let current: Step | null = null

  function readLine(step: Step | null, raw: string): void {
    if (step !== null && step !== current) enterStep(step)
    const text = textOf(raw)
    needles.find(text, hits)
    if (hits.size === 0) return
    const message = normalise(text)
    for (const id of hits) {
      for (const marker of byNeedle[id]?.markers ?? []) {
        if (marker.when.test(message)) applyMarker(marker)
      }
    }
    const where = step ?? inferred
    const match = bestMatch({ message, step: where, hits, messageBefore })
    if (match) keep({ ...match, line, step: where })
    hits.clear()
  }

  /** The best line of a group stands for it, the first one of equals. */
  function keep(candidate: Candidate): void {
    const key = `${candidate.signature.error_code}\n${candidate.error_group}`
    const known = found.get(key)
    if (known ? known.order <= candidate.order : found.size >= MAX_CANDIDATES) return
    found.set(key, candidate)
  }

  /** A later step began, so the earlier ones ended well and hold no cause. */
  function enterStep(step: Step): void {
    if (current !== null && STEPS.indexOf(step) > STEPS.indexOf(current)) found.clear()
    current = step
  }

  function applyMarker({ begins, absolves }: Marker): void {
    if (begins) inferred = begins
    if (absolves === 'all') found.clear()
    if (absolves === 'weak') {
      for (const [key, { signature }] of found) {
        if (signature.rank !== 'infrastructure' && signature.rank !== 'specific') found.delete(key)
      }
    }
  }

  /** The last message before the current line that is not blank. */
  function messageBefore(): string {
    for (let index = recent.length - 1; index >= 0; index--) {
      const message = normalise(plainText(recent[index]?.message ?? ''))
      if (message !== '') return message
    }
    return ''
  }

  return {
    read(lines) {
      for (const entry of lines) {
        const step = typeof entry === 'string' ? null : entry[1]
        const raw = typeof entry === 'string' ? entry : entry[2]
        readLine(step, raw)
        recent.push({ line, step: step ?? inferred, message: raw })
        if (recent.length > 2 * RECENT_LINES) recent = recent.slice(-RECENT_LINES)
        line++
      }
    },
    candidates: () => [...found.values()],
    recent: () => recent.slice(-RECENT_LINES),
    linesRead: () => line,
  }
}

/** What `text`, on its own, is the message of. */
export function matchLine(text: string, step: Step | null): Match | undefined {
  const hits = new Set<number>()
  const plain = textOf(text)
  knowledgeBase().needles.find(plain, hits)
  if (hits.size === 0) return undefined
  return bestMatch({ message: normalise(plain), step, hits, messageBefore: () => '' })
}

/** Most lines have no colours: they are searched as they are. */
function textOf(raw: string): string {
  return raw.length > MAX_LENGTH || raw.includes('\x1b') || raw.includes('\r')
    ? plainText(raw)
    : raw
}

interface Hit {
  /** Normalised. */
  message: string
  step: Step | null
  hits: ReadonlySet<number>
  messageBefore: () => string
}

function bestMatch({ message, step, hits, messageBefore }: Hit): Match | undefined {
  if (isNoise(message)) return undefined
  const { byNeedle } = knowledgeBase()
  let best: Match | undefined
  for (const id of hits) {
    for (const signature of byNeedle[id]?.signatures ?? []) {
      const { steps, source } = signature
      if (step && steps && !steps.includes(step)) continue
      const match = matchSignature(signature, message)
      if (!match || (best && compareMatches(best, match) <= 0)) continue
      if (source.previous && !source.previous.test(messageBefore())) continue
      best = match
    }
  }
  return best
}
