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
import { isNoise, isPageDone, normalise, plainText } from './normalise.ts'
import type { Marker } from './progress.ts'
import { searchBlocks } from './search.ts'

/** A line of a log: as it is stored, or only its message. */
export type AnyLine = LogLine | string

/** A line that is remembered, with its place in the log. */
export interface RecentLine {
  line: number
  step: Step | null
  message: string
}

/** Lines before the end that a second look may go over, unless they are absolved. */
export const RECENT_LINES = 400

/** Lines before another one that tell what it belongs to. */
const CONTEXT_LINES = 40

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
  const { byNeedle } = knowledgeBase()
  const found = new Map<string, Candidate>()
  let pages: (readonly AnyLine[])[] = []
  let linesRead = 0
  /** What the lines themselves say of the step, for logs that do not store it. */
  let inferred: Step | null = null
  let current: Step | null = null
  /** The first line that nothing has absolved yet. */
  let since = 0
  let wrangler = false

  function readPage(page: readonly AnyLine[]): void {
    pages = [...lastPages(pages), page]
    const begin = lastAdvance(page, current)
    for (let index = 0; index < begin; index++) followStep(page, index)
    for (const { from, to, hits } of searchBlocks(page, begin)) {
      for (let index = from; index < to; index++) {
        followStep(page, index)
        const found = hits?.get(index)
        if (found) readHit(page, index, found)
      }
    }
    linesRead += page.length
  }

  function readHit(page: readonly AnyLine[], index: number, hits: ReadonlySet<number>): void {
    const entry = page[index] as AnyLine
    const text = plainText(messageOf(entry))
    if (isPageDone(text)) return
    const message = normalise(text)
    for (const id of hits) {
      for (const marker of byNeedle[id]?.markers ?? []) {
        if (marker.when.test(message)) applyMarker(marker, linesRead + index)
      }
    }
    const step = stepOf(entry) ?? inferred
    const before = () => messagesBefore(index)
    const match = bestMatch({ message, step, hits, wrangler, before })
    if (match) keep({ ...match, line: linesRead + index, step })
  }

  /** The best line of a group stands for it, the first one of equals. */
  function keep(candidate: Candidate): void {
    const key = `${candidate.signature.error_code}\n${candidate.error_group}`
    const known = found.get(key)
    if (known ? known.order <= candidate.order : found.size >= MAX_CANDIDATES) return
    found.set(key, candidate)
  }

  /** When a later step begins, the earlier ones ended well and hold no cause. */
  function followStep(page: readonly AnyLine[], index: number): void {
    const step = stepOf(page[index] as AnyLine)
    if (step === null || step === current) return
    if (isLater(step, current)) absolve(linesRead + index)
    current = step
    wrangler = false
  }

  /** Nothing before `line` was the cause. */
  function absolve(line: number): void {
    found.clear()
    since = line
  }

  function applyMarker(marker: Marker, line: number): void {
    const { begins, absolves } = marker
    if (begins) inferred = begins
    if (begins) wrangler = false
    if (marker.wrangler) wrangler = true
    if (absolves === 'all') absolve(line)
    if (absolves === 'weak') {
      for (const [key, { signature }] of found) {
        if (signature.rank !== 'infrastructure' && signature.rank !== 'specific') found.delete(key)
      }
    }
  }

  /** The last messages that are not blank before the line at `index` of the page at hand. */
  function messagesBefore(index: number): string[] {
    const before = pages.flat().slice(0, index - (pages.at(-1)?.length ?? 0))
    return before
      .slice(-CONTEXT_LINES)
      .map((entry) => normalise(plainText(messageOf(entry))))
      .filter((message) => message !== '')
  }

  return {
    read(lines) {
      for (const page of pagesOf(lines)) readPage(page)
    },
    candidates: () => [...found.values()],
    recent: () => {
      const last = pages.flat().slice(-RECENT_LINES)
      const lines = last.map((entry, index) => ({
        line: linesRead - last.length + index,
        step: stepOf(entry) ?? inferred,
        message: messageOf(entry),
      }))
      return lines.filter(({ line }) => line >= since)
    },
    linesRead: () => linesRead,
  }
}

/** Lines that are looked at together when they do not come in pages. */
const PAGE_LINES = 1_000

function* pagesOf(lines: Iterable<AnyLine>): Generator<readonly AnyLine[]> {
  if (Array.isArray(lines)) {
    yield lines
    return
  }
  let page: AnyLine[] = []
  for (const line of lines) {
    page.push(line)
    if (page.length < PAGE_LINES) continue
    yield page
    page = []
  }
  yield page
}

/** The last pages that together hold as many lines as are remembered, each no longer than that. */
function lastPages(pages: readonly (readonly AnyLine[])[]): (readonly AnyLine[])[] {
  const last: (readonly AnyLine[])[] = []
  let lines = 0
  for (const page of [...pages].reverse()) {
    if (lines >= RECENT_LINES) break
    last.unshift(page.slice(-RECENT_LINES))
    lines += page.length
  }
  return last
}

/**
 * Where in `page`, read after a line of the step `before`, the last of its steps begins that is later
 * than the one before it; 0 when none is. What stands before is absolved, whatever it says.
 */
function lastAdvance(page: readonly AnyLine[], before: Step | null): number {
  let begin = 0
  let current = before
  for (let index = 0; index < page.length; index++) {
    const step = stepOf(page[index] as AnyLine)
    if (step === null || step === current) continue
    if (isLater(step, current)) begin = index
    current = step
  }
  return begin
}

function isLater(step: Step, than: Step | null): boolean {
  return than !== null && STEPS.indexOf(step) > STEPS.indexOf(than)
}

function stepOf(entry: AnyLine): Step | null {
  return typeof entry === 'string' ? null : entry[1]
}

function messageOf(entry: AnyLine): string {
  return typeof entry === 'string' ? entry : entry[2]
}

/** What `text` is the message of, on its own or after the messages `before` it. */
export function matchLine(
  text: string,
  step: Step | null,
  before: readonly string[] = [],
): Match | undefined {
  const [block] = searchBlocks([text])
  const hits = block?.hits?.get(0)
  if (!hits) return undefined
  const message = normalise(plainText(text))
  return bestMatch({ message, step, hits, wrangler: true, before: () => before })
}

/** What Wrangler and esbuild begin a message with. */
const HEAD = /^(?:✘ \[ERROR\]|\S{1,4} \[WARNING\])/

/** Whether the last head in `before`, of an error or of a warning, is that of a warning. */
function isWarned(before: readonly string[]): boolean {
  const head = before.findLast((message) => HEAD.test(message))
  return head?.includes('[WARNING]') ?? false
}

interface Hit {
  /** Normalised. */
  message: string
  step: Step | null
  hits: ReadonlySet<number>
  /** Whether Wrangler was named in this step. */
  wrangler: boolean
  /** The last messages before it, none of them blank. */
  before: () => readonly string[]
}

function bestMatch({ message, step, hits, wrangler, before }: Hit): Match | undefined {
  if (isNoise(message)) return undefined
  const { byNeedle } = knowledgeBase()
  let best: Match | undefined
  for (const id of hits) {
    for (const signature of byNeedle[id]?.signatures ?? []) {
      const { steps, source } = signature
      if (step && steps && !steps.includes(step)) continue
      if (signature.unless_wrangler && (wrangler || step === null)) continue
      const match = matchSignature(signature, message)
      if (!match || (best && compareMatches(best, match) <= 0)) continue
      if (source.previous && !source.previous.test(before().at(-1) ?? '')) continue
      if (source.listed && !HEAD.test(message) && isWarned(before())) continue
      best = match
    }
  }
  return best
}
