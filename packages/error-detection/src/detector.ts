/**
 * The detector: takes the log of a build page by page, and returns the reasons why it failed.
 *
 * @module
 */

import type {
  DetectedError,
  FailureReason,
  LineTemplates,
  LogLine,
} from '@workers-builds/contracts'
import { errorsOfControlPlane } from './control-plane.ts'
import type { Candidate } from './engine/decide.ts'
import { decide, isRootCause, MAX_ERRORS } from './engine/decide.ts'
import { introduced } from './engine/introduced.ts'
import { compareMatches, groupKey } from './engine/knowledge-base.ts'
import type { AnyLine, RecentLine } from './engine/lines.ts'
import type { Scan } from './engine/scan.ts'
import { createScan } from './engine/scan.ts'
import { candidatesOfWrapped } from './engine/unwrap.ts'
import type { ViewLine } from './engine/view-line.ts'
import { knowledgeBase } from './knowledge.ts'
import type { Localised } from './localise/localise.ts'
import { localise } from './localise/localise.ts'
import { MODEL } from './localise/model.ts'
import { nameOf, nameOfMatched, refine } from './naming/name.ts'
import { UNCLASSIFIED, unclassifiedError } from './unclassified.ts'
import type { Witness } from './witness/line-templates.ts'
import { witnessOf } from './witness/line-templates.ts'

/** What is known of a build besides its log. */
export interface DetectionContext {
  failure_reason?: FailureReason | null
  /** What the last good build of the same trigger printed; see `wantsGoodBuild`. */
  good_build?: LineTemplates | undefined
}

export interface Detection {
  /**
   * - `detected`: at least one error is explained
   * - `no_match`: none is; `errors` may hold a line under `unclassified`
   * - `no_log`: there was no line to read, and the control plane knows no reason either
   */
  outcome: 'detected' | 'no_match' | 'no_log'
  /** Root cause first; at most `MAX_ERRORS`. */
  errors: DetectedError[]
  lines_read: number
}

export interface ErrorDetector {
  /** Reads the next page of the log, whose lines follow the ones read before. */
  push(lines: readonly LogLine[]): void
  /** The errors of the build, from the lines read so far and from `context`. */
  finish(context?: DetectionContext): Detection
}

/** A detector for one build. It reads a log of any length with the same memory. */
export function createErrorDetector(): ErrorDetector {
  return detectorOf()
}

/** The errors in `lines`, the whole log of one build; a line may be only its message. */
export function detectErrorsInLogLines(
  lines: Iterable<AnyLine>,
  context: DetectionContext = {},
): DetectedError[] {
  return detect(lines, context).errors
}

/** As `detectErrorsInLogLines`, with the outcome. */
export function detect(lines: Iterable<AnyLine>, context: DetectionContext = {}): Detection {
  const detector = detectorOf()
  detector.push(lines)
  return detector.finish(context)
}

function detectorOf() {
  const scan = createScan(knowledgeBase())
  return {
    push(lines: Iterable<AnyLine>): void {
      scan.read(lines)
    },
    finish(context: DetectionContext = {}): Detection {
      return conclude(scan, context)
    },
  }
}

/** Confidence of a signature that says by itself why the build failed. */
const DECIDED = 0.9

/**
 * Whether no signature decides, so that it may help to `finish` once more with what the last good
 * build of the same trigger printed.
 */
export function wantsGoodBuild({ errors: [first], lines_read }: Detection): boolean {
  return lines_read > 0 && (first === undefined || first.confidence < DECIDED)
}

function conclude(scan: Scan, { failure_reason = null, good_build }: DetectionContext): Detection {
  const lines_read = scan.linesRead()
  const recent = scan.recent()
  const logErrors = errorsOfLog(scan, {
    recent,
    isKnownToFail: failure_reason !== null,
    witness: good_build && witnessOf(good_build),
  })
  const errors = errorsOfControlPlane({ failure_reason, errors: logErrors, recent })
  if (errors.length === 0)
    return { outcome: lines_read > 0 ? 'no_match' : 'no_log', errors, lines_read }
  const isExplained = errors[0]?.error_code !== UNCLASSIFIED
  return { outcome: isExplained ? 'detected' : 'no_match', errors, lines_read }
}

interface Known {
  recent: readonly RecentLine[]
  isKnownToFail: boolean
  witness: Witness | undefined
}

/** The decisive line first, then the other causes that the log holds. */
function errorsOfLog(scan: Scan, { recent, isKnownToFail, witness }: Known): DetectedError[] {
  const knowledge = knowledgeBase()
  const candidates = scan.candidates()
  if (!candidates.some(isRootCause)) {
    candidates.push(...candidatesOfWrapped(knowledge, recent))
  }
  const found = localise(knowledge, MODEL, withMatches(scan.view(recent), candidates), witness)
  const top = found.ranked[0]
  if (top === undefined || !(found.failed || isKnownToFail)) return []
  const resolved = introduced(knowledge, candidates, recent)
  const lead = leadOf(found, top, resolved)
  const follow = (candidate: Candidate) =>
    introduced(knowledge, [candidate], recent)[0] ?? candidate
  const first = lead
    ? nameOfMatched(found, lead, follow)
    : (nameOf(found, top) ?? unclassifiedError(found.view, top))
  const others = decide(resolved).map((candidate) => refine(found, candidate))
  return [first, ...others.filter((other) => !isSame(other, first))].slice(0, MAX_ERRORS)
}

/** The line at `index` by the signature that describes its failure best, if one does. */
function leadOf(
  { view }: Localised,
  index: number,
  resolved: readonly Candidate[],
): Candidate | undefined {
  const { match } = view.at(index)
  const line = view.lines[index]
  if (!match || !line) return undefined
  const own: Candidate = { ...match, line: line.line, step: line.step }
  const [best = own] = [own, ...resolved.filter((other) => other.line === own.line)].sort(
    compareMatches,
  )
  // The line that names what it is about was looked for from the first one on.
  if (best.signature.named_by.length === 0) return best
  return resolved.find((candidate) => groupKey(candidate) === groupKey(best)) ?? best
}

/** `lines`, with the signatures of messages that had to be put together first. */
function withMatches(lines: readonly ViewLine[], candidates: readonly Candidate[]): ViewLine[] {
  const byLine = new Map(candidates.map((candidate) => [candidate.line, candidate]))
  return lines.map((line) => {
    const whole = byLine.get(line.line)
    const isBetter = whole && (!line.match || compareMatches(whole, line.match) < 0)
    return isBetter ? { ...line, match: whole } : line
  })
}

function isSame(a: DetectedError, b: DetectedError): boolean {
  return a.line === b.line || (a.error_code === b.error_code && a.error_group === b.error_group)
}
