/** What has to hold of every build when it is quiet again: the invariants of the design. */
import type { Build } from '@workers-builds/contracts'
import type { StartedBuild } from './push-builds.ts'
import type { Recording } from './recording-proxy.ts'

/** Somebody killed what a build depends on; from and to in ms since the epoch. */
export interface Hit {
  from: number
  to: number
  /** The one build that it concerns; all that ran then when left out. */
  build_uuid?: string
}

export interface Findings {
  lost_lines: number
  repeated_lines: number
  wrong_outcomes: number
  /** What is wrong, for people. */
  complaints: string[]
}

/** Words of the control plane, which stand after the runner's last line. */
const CONTROL_LINES =
  /^(?:Build was (?:cancelled|timed out)|Failed: the build environment|Failed: an internal error)/

/** Holds one build that is over, and its log, against what was sent and what should have come. */
export function checkBuild(
  started: StartedBuild,
  {
    build,
    log,
    recording,
    hits,
  }: { build: Build; log: string[]; recording: Recording; hits: Hit[] },
): Findings {
  const { project, index, kind } = started
  const complaints: string[] = []
  const wasHit = hits.some((hit) => concerns(hit, build))
  const { build_outcome, failure_reason } = build
  const isAsPlanned =
    build_outcome === project.build_outcome && failure_reason === project.failure_reason
  if (!isAsPlanned && !(wasHit && isOfHit(build))) {
    complaints.push(`ended as ${build_outcome}, ${failure_reason}`)
  }
  if (recording.starts.size > 1) complaints.push(`was run by ${recording.starts.size} runners`)
  if (recording.contradictions > 0) complaints.push('its log was written by two')
  const wrong_outcomes = complaints.length

  const lines = log.filter((line, at) => !(at === log.length - 1 && CONTROL_LINES.test(line)))
  const accepted = recording.sent.slice(0, recording.accepted)
  const { lost, repeated } = compare(accepted, lines.slice(0, accepted.length))
  // Lines that were stored and whose answer was lost may follow, as they were sent.
  const rest = lines.slice(accepted.length)
  const invented = rest.filter((line, at) => recording.sent[accepted.length + at] !== line).length
  let [lost_lines, repeated_lines] = [lost, repeated + invented]
  const printed = lines.filter((line) => line.startsWith('chaos '))
  const twice = printed.length - new Set(printed).size
  // What is ended from outside may be ended before it has printed anything.
  const isWhole = isAsPlanned && kind !== 'cancelled' && kind !== 'sleeper'
  if (isWhole) {
    const there = new Set(printed)
    lost_lines = Math.max(lost_lines, project.lines.filter((line) => !there.has(line)).length)
    if (project.lines.join() !== printed.join() && lost_lines === 0 && twice === 0) repeated_lines++
  }
  repeated_lines = Math.max(repeated_lines, twice)
  if (lost_lines > 0) complaints.push(`lost ${lost_lines} lines`)
  if (repeated_lines > 0) complaints.push(`has ${repeated_lines} lines too many`)
  const name = `build ${index} (${kind}, ${build.build_uuid})`
  return {
    lost_lines,
    repeated_lines,
    wrong_outcomes,
    complaints: complaints.map((complaint) => `${name} ${complaint}`),
  }
}

/** How many of `expected` are not where they belong, and how many stand there too often. */
function compare(expected: string[], found: string[]): { lost: number; repeated: number } {
  const counts = new Map<string, number>()
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1)
  for (const line of found) counts.set(line, (counts.get(line) ?? 0) - 1)
  const all = [...counts.values()]
  const lost = all.filter((count) => count > 0).reduce((sum, count) => sum + count, 0)
  const repeated = all.filter((count) => count < 0).reduce((sum, count) => sum - count, 0)
  const isMoved = lost + repeated === 0 && expected.some((line, at) => found[at] !== line)
  return { lost, repeated: isMoved ? 1 : repeated }
}

/** A build that a dead container ended, or that could not be given one. */
function isOfHit({ build_outcome, failure_reason }: Build): boolean {
  return (
    (build_outcome === 'terminated' && failure_reason === 'health_check_failed') ||
    (build_outcome === 'fail' && failure_reason === 'initialization_failed')
  )
}

/** Whether the build was under way when something was killed that it depends on. */
function concerns({ from, to, build_uuid }: Hit, build: Build): boolean {
  if (build_uuid !== undefined) return build_uuid === build.build_uuid
  const began = Date.parse(build.initializing_on ?? '')
  const ended = Date.parse(build.stopped_on ?? '')
  return began <= to && ended >= from
}
