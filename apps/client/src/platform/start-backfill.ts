import { Backfill, BackfillRequest, BuildsError, v4Success } from '@workers-builds/contracts'
import { answersAccepted, jsonBody, operation } from '../api/operation.ts'
import { buildErrors, buildManagement } from '../bindings.ts'

export const startBackfill = operation(
  {
    method: 'post',
    path: '/build-errors/backfills',
    operationId: 'startBackfill',
    summary: 'Start a backfill: scan past failed builds again, all of them by default',
    request: { body: jsonBody(BackfillRequest) },
    responses: answersAccepted(Backfill),
  },
  async (c) => {
    const request = c.req.valid('json')
    const newest = await c.var.store.backfills.selectMaxBuildId()
    const min_build_id = request.min_build_id ?? 0
    const max_build_id = request.max_build_id ?? Math.max(newest, min_build_id)
    const { started, running } = await buildManagement(c.env).startBackfill({
      min_build_id,
      max_build_id,
      older_than_detector_version: request.only_outdated
        ? await buildErrors(c.env).getDetectorVersion()
        : null,
      error_codes: request.error_codes ?? null,
      account_ids: request.account_ids ?? null,
      builds_per_second: request.builds_per_second ?? null,
    })
    if (started !== null) return c.json(v4Success(started), 202)
    const { backfill_id, started_on } = running
    throw new BuildsError(
      'conflict',
      `Backfill ${backfill_id} of builds ${running.min_build_id} to ${running.max_build_id} is running since ${started_on}: wait for it, or stop it first.`,
      { result: running },
    )
  },
)
