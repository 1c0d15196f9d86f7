/**
 * Reports the builds that are due to the Git provider of one connection. A provider that refuses is
 * not asked again for that build; one that cannot answer is, later.
 */
import { isBuildsError } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { DueReport, ReportTry, Store } from '@workers-builds/store'
import type { GitEnv } from '../git/git-env.ts'
import { connectedRepository } from '../git/git-providers.ts'
import { retrySeconds } from '../outbox/retry.ts'
import { composeReport } from './compose-report.ts'
import { decisiveLines } from './decisive-lines.ts'

/** With three requests of ten seconds each, they are reported before they are due again. */
const MOST_AT_ONCE = 3

type ReportEnv = GitEnv & Pick<Env, 'BUILD_BUDDY' | 'LOCATION_HINT' | 'PUBLIC_URL'>

/** True when there may be more. */
export async function reportDue({
  env,
  store,
  repo_connection_uuid,
}: {
  env: ReportEnv
  store: Store
  repo_connection_uuid: string
}): Promise<boolean> {
  const taken = await store.buildReports.take({ repo_connection_uuid, limit: MOST_AT_ONCE })
  // One after the other, as GitHub asks of whoever writes.
  for (const due of taken) {
    const { build_id, revision } = due
    const result = await report({ env, store, repo_connection_uuid }, due)
    await store.buildReports.record({ build_id, revision, ...result })
  }
  return taken.length === MOST_AT_ONCE
}

type Result = Pick<Extract<ReportTry, { report_id: string }>, 'report_id'> | Failed
type Failed = { retry_seconds: number } | { given_up_reason: string }

async function report(
  { env, store, repo_connection_uuid }: Parameters<typeof reportDue>[0],
  due: DueReport,
): Promise<Result> {
  try {
    const repository = await connectedRepository(env, store, repo_connection_uuid)
    const excerpt = await decisiveLines(env, due)
    const body = composeReport(due, { excerpt, public_url: env.PUBLIC_URL })
    return { report_id: await repository.reportBuild(body, due.report_id) }
  } catch (error) {
    return afterFailure(due, error)
  }
}

function afterFailure({ build_id, attempts }: DueReport, error: unknown): Failed {
  const isOurs = !isBuildsError(error)
  const isTransient = isOurs || error.code === 'unavailable'
  const retry_seconds = isTransient
    ? retrySeconds({ attempts, retryAfter: null, random: Math.random() })
    : null
  if (isOurs) reportError(error, 'a build could not be reported', { build_id })
  if (retry_seconds !== null) return { retry_seconds }
  logger
    .withTags({ build_id })
    .withFields(errorFields(error))
    .info('giving up reporting a build to its Git provider')
  return { given_up_reason: isOurs ? 'Something went wrong on our side' : error.message }
}
