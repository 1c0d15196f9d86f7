import {
  BuildLogs,
  decodeLogCursor,
  encodeLogCursor,
  type LogCursor,
  LogPage,
  MAX_PAGE_LINES,
  v4Success,
} from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'
import { z } from 'zod'
import { buildManagement } from '../bindings.ts'
import { answers, operation } from '../openapi/operation.ts'
import { BuildPath } from '../openapi/parameters.ts'
import { findBuild } from './find-build.ts'

const LogQuery = z.object({
  /** '' is the beginning, as for no cursor at all. */
  cursor: z
    .string()
    .refine((text) => text === '' || decodeLogCursor(text) !== undefined, {
      error: 'pass one that an earlier page gave',
    })
    .optional(),
})

export const getBuildLogs = operation(
  {
    method: 'get',
    path: '/builds/{build_uuid}/logs',
    operationId: 'getBuildLogs',
    summary: 'A page of the log, while the build runs and ever after',
    request: { params: BuildPath, query: LogQuery },
    responses: answers(BuildLogs),
  },
  async (c) => {
    const cursor = decodeLogCursor(c.req.valid('query').cursor ?? '')
    const build = await findBuild(c.var.store, c.req.valid('param'))
    const page = await readPage(c.env, { build, cursor })
    const logs: BuildLogs = {
      lines: page.lines.map(([timestamp, , message]) => [timestamp, message]),
      truncated: !page.complete && page.lines.length >= MAX_PAGE_LINES,
      ...(page.cursor && { cursor: encodeLogCursor(page.cursor) }),
    }
    return c.json(v4Success(logs), 200)
  },
)

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
