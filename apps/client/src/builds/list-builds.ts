import { Build, BuildUuid, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, listOf } from '../api/parameters.ts'
import { buildView } from './build.view.ts'

const Query = z
  .object({
    version_ids: listOf(z.uuid()).optional(),
    ids: listOf(BuildUuid).optional(),
  })
  .refine(({ version_ids, ids }) => (version_ids === undefined) !== (ids === undefined), {
    path: ['version_ids'],
    error: 'pass either version_ids or ids: up to 20, divided by commas',
  })

export const listBuilds = operation(
  {
    method: 'get',
    path: '/builds',
    operationId: 'getBuildsByVersionIds',
    summary: 'List builds by the versions that they uploaded, or by their uuids (`ids`)',
    request: { params: AccountPath, query: Query },
    responses: answers(z.object({ builds: z.record(z.uuid(), Build) })),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const { version_ids, ids: build_uuids = [] } = c.req.valid('query')
    const store = c.var.store.builds
    const builds =
      version_ids === undefined
        ? (await store.selectByUuids({ account_id, build_uuids })).map(
            (row) => [row.build_uuid, buildView(row)] as const,
          )
        : (await store.selectByVersions({ account_id, version_ids })).map(
            (row) => [row.version_id, buildView(row)] as const,
          )
    return c.json(v4Success({ builds: Object.fromEntries(builds) }), 200)
  },
)
