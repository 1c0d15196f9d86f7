import {
  type BuildLogs,
  BuildsError,
  decodeLogCursor,
  encodeLogCursor,
  type LogCursor,
  LogPage,
  MAX_PAGE_LINES,
  v4Success,
} from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'
import type { Context } from 'hono'
import { buildManagement } from '../bindings.ts'
import type { ClientContext } from '../context.ts'
import { findBuild } from './find-build.ts'

/** `GET /builds/:build_uuid/logs?cursor=`: a page of the log, while the build runs and ever after. */
export async function getBuildLogs(c: Context<ClientContext>): Promise<Response> {
  const cursor = parseCursor(c.req.query('cursor'))
  const build = await findBuild(c)
  const page = await readPage(c.env, { build, cursor })
  const logs: BuildLogs = {
    lines: page.lines.map(([timestamp, , message]) => [timestamp, message]),
    truncated: !page.complete && page.lines.length >= MAX_PAGE_LINES,
    ...(page.cursor && { cursor: encodeLogCursor(page.cursor) }),
  }
  return c.json(v4Success(logs))
}

function parseCursor(encoded: string | undefined): LogCursor | undefined {
  if (encoded === undefined || encoded === '') return undefined
  const cursor = decodeLogCursor(encoded)
  if (cursor !== undefined) return cursor
  throw new BuildsError(
    'invalid_request',
    `Invalid query parameter cursor=${JSON.stringify(encoded)}: pass one that an earlier page gave`,
  )
}

/** A build that was never started has no BuildBuddy, and is not given one by being looked at. */
async function readPage(
  env: Env,
  { build, cursor }: { build: BuildRow; cursor: LogCursor | undefined },
): Promise<LogPage> {
  if (build.initializing_on === null) {
    const complete = build.status === 'stopped'
    return complete ? { lines: [], complete } : { lines: [], cursor: { line: 0 }, complete }
  }
  const { build_id } = build
  return LogPage.parse(
    await buildManagement(env).getLogs(cursor ? { build_id, cursor } : { build_id }),
  )
}
