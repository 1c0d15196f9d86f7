import { AccountId, BuildsError, BuildUuid } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import type { BuildRow } from '@workers-builds/store'
import type { Context } from 'hono'
import type { ClientContext } from '../context.ts'

/** The build that the path names; another account's is as unknown as one that never was. */
export async function findBuild(c: Context<ClientContext>): Promise<BuildRow> {
  const build_uuid = BuildUuid.safeParse(c.req.param('build_uuid')).data
  const account_id = AccountId.parse(c.req.param('account_id'))
  const build = build_uuid && (await c.var.store.builds.selectByUuid({ account_id, build_uuid }))
  if (!build) {
    throw new BuildsError('not_found', `Not found: build ${c.req.param('build_uuid')}`)
  }
  logger.setTags({ build_id: build.build_id, build_uuid: build.build_uuid })
  return build
}
