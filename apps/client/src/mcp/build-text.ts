/** Builds and their errors in words. Pure. */
import type { Build, BuildErrors, WorkerErrors } from '@workers-builds/contracts'
import { excerptText, locationText } from '@workers-builds/error-detection'

type DetectedError = BuildErrors['errors'][number]
type WorkerError = WorkerErrors['errors'][number]

/** One build in one line. */
export function buildLine(build: Build): string {
  const { branch, commit_hash, commit_message } = build.build_trigger_metadata
  const [subject = ''] = commit_message.split('\n')
  return `${build.build_uuid}  ${stateOf(build)}  ${branch} ${commit_hash.slice(0, 8)}  ${build.created_on}  ${subject.slice(0, 80)}`
}

export function buildText(build: Build): string {
  const meta = build.build_trigger_metadata
  return [
    `Build ${build.build_uuid}: ${stateOf(build)}`,
    `Created ${build.created_on}, running ${build.running_on ?? 'not yet'}, stopped ${build.stopped_on ?? 'not yet'}`,
    `Repository ${meta.provider_account_name}/${meta.repo_name} (${meta.provider_type}), root ${meta.root_directory}`,
    `Branch ${meta.branch}, commit ${meta.commit_hash} by ${meta.author}, started by ${meta.build_trigger_source}`,
    `Commit message: ${meta.commit_message.slice(0, 500)}`,
    `Build command: ${meta.build_command || '(none)'}`,
    `Deploy command: ${meta.deploy_command}`,
    `Variables: ${Object.keys(meta.environment_variables).join(', ') || '(none)'}`,
  ].join('\n')
}

/** Why a build failed, and what to do about it. */
export function errorsText({
  build,
  detected: { scan, errors },
  recurrence,
}: {
  build: Build
  detected: BuildErrors
  recurrence: WorkerError | undefined
}): string {
  const [root, ...others] = errors
  const head = `Build ${build.build_uuid}: ${stateOf(build)}`
  if (build.status !== 'stopped') return `${head}. It has not ended yet.`
  if (build.failure_reason === null) return `${head}. It did not fail.`
  if (scan === null) return `${head}. Its log has not been scanned yet: ask again in a minute.`
  if (root === undefined) return `${head}. No known error was found in its log: read the log.`
  return [
    head,
    `Root cause: ${root.title} (${root.error_code}, ${root.cause}); fault: ${root.fault}`,
    root.error_group,
    ...logLines(root),
    ...(root.fix === null ? [] : [`What to do: ${root.fix}`]),
    ...(root.docs_url === null ? [] : [`Documentation: ${root.docs_url}`]),
    recurrenceText(recurrence),
    ...others.slice(0, 5).map((other) => `Also found: ${other.title} (${other.error_code})`),
  ].join('\n')
}

/** What the log says, and the place in the repository that it names. */
function logLines({ line_number, line_text, context, location }: DetectedError): string[] {
  if (line_number === null || line_text === null) return []
  return [
    'Decisive lines of the log:',
    excerptText({ decisive: { line_number, text: line_text }, context }),
    ...(location === null ? [] : [`In the repository: ${locationText(location)}`]),
  ]
}

type TopError = {
  error_code: string
  cause: string
  error_group: string | null
  build_count: number
  account_count?: number
  worker_count?: number
  last_build_uuid?: string
}

/** The most frequent failures, one a line. */
export function topText(errors: TopError[], days: number): string {
  if (errors.length === 0) return `No build of the last ${days} days failed with a known error.`
  return errors
    .map((error, index) => {
      const of =
        error.account_count === undefined
          ? `${error.worker_count} Workers`
          : `${error.account_count} accounts`
      const latest = error.last_build_uuid ? `, latest build ${error.last_build_uuid}` : ''
      return `${index + 1}. ${error.build_count} builds of ${of}: ${error.error_code}, ${error.cause}: ${error.error_group ?? '(shared by too few accounts to be shown)'}${latest}`
    })
    .join('\n')
}

function recurrenceText(recurrence: WorkerError | undefined): string {
  if (recurrence === undefined) return "It is not among the failures of the Worker's newest builds."
  const { build_count, builds_in_a_row, in_a_row_since, is_current, last_good } = recurrence
  const good =
    last_good &&
    ` The last good build before was ${last_good.build_uuid} at ${commitOf(last_good)}.`
  if (build_count === 1) return `The Worker has failed in this way only once.${good ?? ''}`
  const { first_seen } = recurrence
  return `It recurs: ${build_count} builds of the Worker failed in this way, the first on ${first_seen.stopped_on} at ${commitOf(first_seen)}. ${builds_in_a_row} of them in a row, since ${commitOf(in_a_row_since)}; its newest build ${is_current ? 'still fails with it' : 'does not fail with it any more'}.${good ?? ''}`
}

function commitOf({ commit_hash }: WorkerError['first_seen']): string {
  return `commit ${commit_hash.slice(0, 8)}`
}

function stateOf({ status, build_outcome, failure_reason, skip_reason }: Build): string {
  const reason = failure_reason ?? skip_reason
  return reason === null ? (build_outcome ?? status) : `${build_outcome} (${reason})`
}
