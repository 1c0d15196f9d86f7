/** What a Git provider is told of a build, as it is now. Pure. */
import { stripVTControlCharacters } from 'node:util'
import type { BuildOutcome, FailureReason } from '@workers-builds/contracts'
import { explanationOf } from '@workers-builds/error-detection'
import type { BuildReport } from '@workers-builds/git-providers'
import type { DueReport } from '@workers-builds/store'

const MOST_LINE = 1_000

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

const FAILURES: Record<FailureReason, string> = {
  initialization_failed: 'The build environment could not be started',
  clone_failed: 'The repository could not be cloned',
  install_failed: 'Tools or dependencies could not be installed',
  build_command_failed: 'The build command failed',
  deploy_command_failed: 'The deploy command failed',
  timed_out: 'The build took too long',
  health_check_failed: 'The build environment ended unexpectedly',
  build_token_invalid: 'The build token is not valid any more',
  repo_disconnected: 'The repository is not connected any more',
  internal_error: 'Something went wrong on our side',
}

export function composeReport(
  due: DueReport,
  { line, public_url }: { line: string | null; public_url: string },
): BuildReport {
  const state = due.build_outcome === null ? 'running' : STATES[due.build_outcome]
  const address = `${public_url}/client/v4/accounts/${due.account_id}/builds/builds/${due.build_uuid}`
  return {
    commit_hash: due.commit_hash,
    branch: due.branch,
    name: `Workers Builds: ${due.script_name}`,
    build_uuid: due.build_uuid,
    details_url: address,
    state,
    title: state === 'failure' ? failureTitle(due) : TITLES[state],
    summary: [...(state === 'failure' ? failure(due, line) : []), facts(due)].join('\n\n'),
  }
}

function failureTitle({ root_cause, failure_reason }: DueReport): string {
  const said = failure_reason === null ? TITLES.failure : FAILURES[failure_reason]
  if (root_cause === null) return said
  return explanationOf(root_cause)?.title ?? said
}

/** Why it failed, and what to do. */
function failure({ root_cause, failure_reason }: DueReport, line: string | null): string[] {
  const said = failure_reason === null ? [] : [`${FAILURES[failure_reason]}.`]
  if (root_cause === null) return [...said, 'No known cause was found in its log.']
  const explanation = explanationOf(root_cause)
  return [
    ...said,
    ...(line === null ? [] : [`Line ${(root_cause.line ?? 0) + 1} of the log:`, codeBlock(line)]),
    ...(explanation === undefined ? [] : [`**What to do:** ${explanation.fix}`]),
    ...(explanation?.docs_url ? [`[Documentation](${explanation.docs_url})`] : []),
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
function codeBlock(line: string): string {
  const text = stripVTControlCharacters(line).slice(0, MOST_LINE)
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}
