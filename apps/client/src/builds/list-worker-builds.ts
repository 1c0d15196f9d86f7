import { AccountId, BuildsError, ScriptTag, v4Success } from '@workers-builds/contracts'
import type { Context } from 'hono'
import type { ClientContext } from '../context.ts'
import { PageQuery, parseQuery } from '../middleware/parse-query.ts'
import { buildView } from './build.view.ts'

/** `GET /workers/:script_tag/builds`: a Worker's builds, newest first. */
export async function listWorkerBuilds(c: Context<ClientContext>): Promise<Response> {
  const { page, per_page } = parseQuery(c, PageQuery)
  const account_id = AccountId.parse(c.req.param('account_id'))
  const script_tag = ScriptTag.safeParse(c.req.param('script_tag')).data
  if (script_tag === undefined) {
    throw new BuildsError(
      'not_found',
      `Not found: ${c.req.param('script_tag')} is no Worker tag (32 hex digits; not its name)`,
    )
  }
  const worker = { account_id, script_tag }
  if (!(await c.var.store.builds.hasWorker(worker))) {
    throw new BuildsError('no_build_configuration', `No build configuration for ${script_tag}`)
  }
  const { builds, total_count } = await c.var.store.builds.selectPageByWorker({
    ...worker,
    page,
    per_page,
  })
  const total_pages = Math.ceil(total_count / per_page)
  return c.json(
    v4Success(builds.map(buildView), {
      page,
      per_page,
      count: builds.length,
      total_count,
      total_pages,
      next_page: page < total_pages,
    }),
  )
}
