/** The report of a build to its Git provider, as the build is now. Pure. */
import { stripVTControlCharacters } from 'node:util'
import { type BuildOutcome, FAILURE_REASONS } from '@workers-builds/contracts'
import {
  type Excerpt,
  excerptText,
  explanationOf,
  locationText,
} from '@workers-builds/error-detection'
import type { BuildReport } from '@workers-builds/git-providers'
import type { DueReport } from '@workers-builds/store'

const STATES: Record<BuildOutcome, BuildReport['state']> = {
  success: 'success',
  fail: 'failure',
  terminated: 'failure',
  cancelled: 'cancelled',
  skipped: 'skipped',
}

const TITLES: Record<BuildReport['state'], string> = {
  running: 'Building',
  success: 'Build succeeded',
  failure: 'Build failed',
  cancelled: 'Build cancelled',
  skipped: 'Build skipped',
}

export function composeReport(
  due: DueReport,
  { excerpt, public_url }: { excerpt: Excerpt | undefined; public_url: string },
): BuildReport {
  const state = due.build_outcome === null ? 'running' : STATES[due.build_outcome]
  // The build's page, at the line that says why it failed.
  const line = excerpt === undefined ? '' : `#L${excerpt.decisive.line_number}`
  const address = `${public_url}/${due.account_id}/builds/${due.build_uuid}${line}`
  return {
    commit_hash: due.commit_hash,
    branch: due.branch,
    name: `Workers Builds: ${due.script_name}`,
    build_uuid: due.build_uuid,
    details_url: address,
    state,
    title: state === 'failure' ? failureTitle(due) : TITLES[state],
    summary: [...(state === 'failure' ? failure(due, excerpt) : []), facts(due)].join('\n\n'),
    annotations: state === 'failure' && excerpt !== undefined ? annotations(due, excerpt) : [],
  }
}

/** Most characters of a line of the log that stand beside the code. */
const MOST_CHARACTERS = 1_000

/** The place in the repository that the decisive line names. */
function annotations(due: DueReport, { decisive, location }: Excerpt): BuildReport['annotations'] {
  if (location === null || location.line === null) return []
  const { file, line, column } = location
  const message = stripVTControlCharacters(decisive.text).trim().slice(0, MOST_CHARACTERS)
  const title = failureTitle(due)
  // Tools that count columns from 0 say 0 for the first.
  return [{ file, line, column: column || null, title, message: message || title }]
}

function failureTitle({ root_cause, failure_reason }: DueReport): string {
  const title = failure_reason === null ? TITLES.failure : FAILURE_REASONS[failure_reason].title
  if (root_cause === null) return title
  return explanationOf(root_cause)?.title ?? title
}

/** Why it failed, and what to do. */
function failure(
  { root_cause, failure_reason }: DueReport,
  excerpt: Excerpt | undefined,
): string[] {
  const reason = failure_reason === null ? [] : [`${FAILURE_REASONS[failure_reason].title}.`]
  if (root_cause === null) return [...reason, 'No known cause was found in its log.']
  const explanation = explanationOf(root_cause)
  return [
    ...reason,
    ...(excerpt === undefined ? [] : logLines(excerpt)),
    ...(explanation === undefined ? [] : [`**What to do:** ${explanation.fix}`]),
    ...(explanation?.docs_url ? [`[Documentation](${explanation.docs_url})`] : []),
  ]
}

function logLines({ decisive, context, location }: Excerpt): string[] {
  const place = location && ` It names ${codeSpan(locationText(location))}.`
  return [
    `Line ${decisive.line_number} of the log says why.${place ?? ''}`,
    codeBlock(excerptText({ decisive, context })),
  ]
}

function facts(due: DueReport): string {
  const rows = {
    'Build ID': `\`${due.build_uuid}\``,
    Script: `\`${due.script_name}\``,
    ...(due.root_cause && { 'Error code': `\`${due.root_cause.error_code}\`` }),
    ...(due.version_id && { 'Version ID': `\`${due.version_id}\`` }),
    ...(due.preview_url && { 'Preview URL': due.preview_url }),
  }
  const lines = Object.entries(rows).map(([name, value]) => `| ${name} | ${value} |`)
  return ['| | |', '| --- | --- |', ...lines].join('\n')
}

/** Whatever a build printed stays text: it closes no fence, mentions nobody and links nowhere. */
function codeBlock(lines: string): string {
  const text = stripVTControlCharacters(lines)
  const fence = '`'.repeat(Math.max(2, longestTicks(text)) + 1)
  return `${fence}text\n${text}\n${fence}`
}

function codeSpan(text: string): string {
  const fence = '`'.repeat(longestTicks(text) + 1)
  return `${fence}${text}${fence}`
}

function longestTicks(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
}
