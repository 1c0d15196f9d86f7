import { BuildsError } from '@workers-builds/contracts'
import { logger } from '@workers-builds/logging'
import type { BuildRow, Store } from '@workers-builds/store'

/** The build that the path names; another account's is not found either. */
export async function findBuild(
  store: Store,
  build: { account_id: string; build_uuid: string },
): Promise<BuildRow> {
  const row = await store.builds.selectByUuid(build)
  if (!row) throw new BuildsError('not_found', `Not found: build ${build.build_uuid}`)
  logger.setTags({ build_id: row.build_id, build_uuid: row.build_uuid })
  return row
}
