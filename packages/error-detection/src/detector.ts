/**
 * The detector: takes the log of a build page by page, and returns the reasons why it failed.
 *
 * @module
 */

import type { DetectedError, FailureReason, LogLine } from '@workers-builds/contracts'
import { errorsOfControlPlane } from './control-plane.ts'
import { decide, isCauseOfItsOwn, saysOnlyWhere } from './engine/decide.ts'
import { introduced } from './engine/introduced.ts'
import type { AnyLine } from './engine/lines.ts'
import type { Scan } from './engine/scan.ts'
import { createScan } from './engine/scan.ts'
import { candidatesOfWrapped } from './engine/unwrap.ts'
import { knowledgeBase } from './knowledge.ts'
import { convincingUnclassifiedError, unclassifiedError } from './unclassified.ts'

/** What is known of a build besides its log. */
export interface DetectionContext {
  failure_reason?: FailureReason | null
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
    finish({ failure_reason = null }: DetectionContext = {}): Detection {
      return conclude(scan, failure_reason)
    },
  }
}

function conclude(scan: Scan, failure_reason: FailureReason | null): Detection {
  const knowledge = knowledgeBase()
  const lines_read = scan.linesRead()
  const candidates = scan.candidates()
  const recent = scan.recent()
  if (!candidates.some(isCauseOfItsOwn)) candidates.push(...candidatesOfWrapped(knowledge, recent))
  const logErrors = decide(introduced(knowledge, candidates, recent))
  const errors = errorsOfControlPlane({ failure_reason, errors: logErrors, recent })
  // A wrapper line is an answer only while no other line looks more like the cause.
  const onlyWrapped = errors === logErrors && candidates.every(saysOnlyWhere)
  const unclassified = !onlyWrapped
    ? undefined
    : logErrors.length > 0
      ? convincingUnclassifiedError(recent)
      : unclassifiedError(recent)
  // A wrapper line that introduces that very line names the tool whose error it is.
  if (unclassified && unclassified.line !== errors[0]?.line) {
    return { outcome: 'no_match', errors: [unclassified, ...errors], lines_read }
  }
  if (errors.length > 0) return { outcome: 'detected', errors, lines_read }
  return { outcome: lines_read === 0 ? 'no_log' : 'no_match', errors, lines_read }
}
