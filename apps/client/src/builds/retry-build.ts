import { Build, BuildsError, v4Success } from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'
import { wakeScheduler } from '../bindings.ts'
import { answersCreated, operation } from '../openapi/operation.ts'
import { BuildPath } from '../openapi/parameters.ts'
import { lockTrigger } from '../triggers/find-trigger.ts'
import { buildView } from './build.view.ts'
import { findBuild } from './find-build.ts'

export const retryBuild = operation(
  {
    method: 'post',
    path: '/builds/{build_uuid}/retry',
    operationId: 'retryBuild',
    summary:
      'Builds the commit of a build that is over again, as a new build with the settings of now',
    request: { params: BuildPath },
    responses: answersCreated(Build),
  },
  async (c) => {
    const { store } = c.var
    const path = c.req.valid('param')
    const build = await findBuild(store, path)
    refuseRetry(build)
    const { account_id, script_tag, branch, commit_hash, commit_message, author } = build
    const { trigger_uuid } = build.trigger
    const { build_uuid } = await store.transaction(async (tx) => {
      // Until the build is queued nobody deletes what it is built with.
      await lockTrigger(tx, { account_id, trigger_uuid })
      const settings = await tx.triggers.selectSettings(trigger_uuid)
      return await tx.builds.insert({
        ...{ account_id, script_tag, trigger_uuid, settings },
        ...{ branch, commit_hash, commit_message, author },
        build_trigger_source: 'retry',
        retried_build_id: build.build_id,
        // No push: it neither replaces one nor is replaced.
        ...{ webhook_delivery_id: null, push_before: null, pushed_on: null },
      })
    })
    wakeScheduler(c)
    return c.json(v4Success(buildView(await findBuild(store, { ...path, build_uuid }))), 201)
  },
)

/** Throws BuildsError where there is nothing to build again, or nothing to build it with. */
function refuseRetry({ build_uuid, status, trigger, repo_connection }: BuildRow): void {
  const refuse = (why: string) => {
    throw new BuildsError('conflict', `Build ${build_uuid} cannot be retried: ${why}`)
  }
  if (status !== 'stopped') refuse(`it is ${status}; wait for its end, or cancel it first`)
  if (trigger.deleted_on !== null) refuse('its trigger was deleted; push to its branch instead')
  if (repo_connection.deleted_on !== null) {
    refuse('its repository is not connected any more; connect it again first')
  }
}
