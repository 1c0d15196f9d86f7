import { Build, BuildsError } from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'
import { answersCreated, operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { lockTriggerForBuild } from '../triggers/find-trigger.ts'
import { findBuild } from './find-build.ts'
import { answerQueuedBuild, queueBuild } from './queue-build.ts'

export const retryBuild = operation(
  {
    method: 'post',
    path: '/builds/{build_uuid}/retry',
    operationId: 'retryBuild',
    summary: 'Retry a build: build its commit again with the current settings',
    request: { params: BuildPath },
    responses: answersCreated(Build),
  },
  async (c) => {
    const { store } = c.var
    const path = c.req.valid('param')
    const build = await findBuild(store, path)
    refuseRetry(build)
    const { account_id } = path
    const { trigger_uuid } = build.trigger
    const { build_uuid } = await store.transaction(async (tx) => {
      const trigger = await lockTriggerForBuild(tx, { account_id, trigger_uuid })
      return await queueBuild(tx, {
        trigger,
        commit: build,
        source: 'retry',
        retried_build_id: build.build_id,
      })
    })
    return await answerQueuedBuild(c, { account_id, build_uuid }, 201)
  },
)

/** Throws BuildsError while the build runs, and when its trigger or its repository is gone. */
function refuseRetry({ build_uuid, status, trigger, repo_connection }: BuildRow): void {
  const refuse = (why: string) => {
    throw new BuildsError('conflict', `Build ${build_uuid} cannot be retried: ${why}`)
  }
  if (status !== 'stopped') refuse(`it is ${status}; wait until it has stopped, or cancel it first`)
  if (trigger.deleted_on !== null) refuse('its trigger was deleted; push to its branch instead')
  if (repo_connection.deleted_on !== null) {
    refuse('its repository is not connected any more; connect it again first')
  }
}
