import { Build, ScriptTag, v4Success } from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, listOf } from '../api/parameters.ts'
import { buildView } from './build.view.ts'

export const getLatestBuilds = operation(
  {
    method: 'get',
    path: '/builds/latest',
    operationId: 'getLatestBuildsByScripts',
    summary:
      'Get the newest build of each of several Workers, by tag; Workers without builds are left out',
    request: {
      params: AccountPath,
      query: z.object({ external_script_ids: listOf(ScriptTag) }),
    },
    responses: answers(z.object({ builds: z.record(ScriptTag, Build) })),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const { external_script_ids: script_tags } = c.req.valid('query')
    const rows = await c.var.store.builds.selectLatest({ account_id, script_tags })
    const builds = Object.fromEntries(rows.map((row) => [row.script_tag, buildView(row)]))
    return c.json(v4Success({ builds }), 200)
  },
)
