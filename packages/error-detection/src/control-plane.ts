/**
 * Failures that the control plane knows of by itself. They need no log, and where the build was
 * ended from outside they say more than any line of it.
 *
 * @module
 */

import type { DetectedError, FailureReason, Step } from '@workers-builds/contracts'
import type { CompiledSignature } from './engine/knowledge-base.ts'
import type { RecentLine } from './engine/lines.ts'
import { matchLine } from './engine/match-line.ts'
import { renderTemplate } from './engine/template.ts'
import { knowledgeBase } from './knowledge.ts'
import { workersBuilds } from './signatures/workers-builds.ts'

interface ControlPlaneFailure {
  step: Step | null
  /** The log's own errors of at least this confidence explain the failure better. */
  unless_confidence?: number
  /** Where it is not that of the line with which the log ends. */
  error_group?: string
}

/**
 * Every failure reason, in the order in which a build meets them. What is known of one is the
 * signature of the same name in `signatures/workers-builds.ts`: that of the line with which the
 * control plane ends the log. Null for those of the runner, which say only which step failed.
 */
const FAILURES: Record<FailureReason, ControlPlaneFailure | null> = {
  repo_disconnected: { step: 'initializing' },
  build_token_invalid: {
    step: 'initializing',
    error_group: 'The build token was deleted or rolled',
  },
  initialization_failed: { step: 'initializing' },
  clone_failed: null,
  install_failed: null,
  build_command_failed: null,
  deploy_command_failed: null,
  timed_out: { step: null },
  // A heap or disk that ran full is why the container stopped answering.
  health_check_failed: { step: null, unless_confidence: 0.95 },
  internal_error: { step: null, unless_confidence: 0.9 },
}

export const EXPLAINED_REASONS = Object.keys(FAILURES) as FailureReason[]

/**
 * The errors of a build that failed for `failure_reason`, whose log holds `errors` and ends with
 * `recent`.
 */
export function errorsOfControlPlane({
  failure_reason,
  errors,
  recent,
}: {
  failure_reason: FailureReason | null
  errors: DetectedError[]
  recent: readonly RecentLine[]
}): DetectedError[] {
  const failure = failure_reason && FAILURES[failure_reason]
  if (!failure) return errors
  const { step, unless_confidence = 1 } = failure
  const better = errors.filter(({ confidence }) => confidence >= unless_confidence)
  if (better.length > 0) return better
  const signature = signatureOf(failure_reason)
  const { error_code, cause, fault, title, group } = signature
  const error_group = failure.error_group ?? renderTemplate(group, {})
  // The line with which the control plane has ended the log says so, however many others there are.
  const line = recent.findLast((line) => isLineOf(signature, line))?.line ?? null
  return [{ error_code, error_group, cause, fault, step, line, confidence: 1, title }]
}

function signatureOf(failure_reason: FailureReason): CompiledSignature {
  const id = `${workersBuilds.error_code}.${failure_reason}`
  const signature = knowledgeBase().signatures.find((signature) => signature.id === id)
  if (!signature) throw new Error(`there is no signature ${id}`)
  return signature
}

function isLineOf(signature: CompiledSignature, { message, step }: RecentLine): boolean {
  return matchLine(knowledgeBase(), { text: message, step })?.signature === signature
}
