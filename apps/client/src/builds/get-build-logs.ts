import {
  BuildLogs,
  BuildsError,
  decodeLogCursor,
  encodeLogCursor,
  type LogCursor,
  LogPage,
  v4Success,
} from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { buildManagement } from '../bindings.ts'
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
    summary: 'Read a page of the log of a build, running or stopped',
    request: { params: BuildPath, query: LogQuery },
    responses: answers(BuildLogs),
  },
  async (c) => {
    const cursor = decodeLogCursor(c.req.valid('query').cursor ?? '')
    const build = await findBuild(c.var.store, c.req.valid('param'))
    const page = await readPage(c.env, { build, cursor })
    const logs: BuildLogs = {
      lines: page.lines.map(([timestamp, , message]) => [timestamp, message]),
      truncated: page.more,
      ...(page.cursor && { cursor: encodeLogCursor(page.cursor) }),
    }
    return c.json(v4Success(logs), 200)
  },
)

/** Throws where retention has removed the log. */
export function assertLogKept({ build_uuid, log_deleted_on }: BuildRow): void {
  if (log_deleted_on === null) return
  throw new BuildsError(
    'log_removed',
    `The log of build ${build_uuid} was removed on ${log_deleted_on.toISOString()}: it had been kept for as long as the account keeps logs.`,
  )
}

/** A build that was never started has no BuildBuddy, and reading it does not create one. */
async function readPage(
  env: Env,
  { build, cursor }: { build: BuildRow; cursor: LogCursor | undefined },
): Promise<LogPage> {
  if (build.initializing_on === null) {
    const page = { lines: [], complete: build.status === 'stopped', more: false }
    return page.complete ? page : { ...page, cursor: { line: 0 } }
  }
  assertLogKept(build)
  const { build_id } = build
  return LogPage.parse(
    await buildManagement(env).getLogs(cursor ? { build_id, cursor } : { build_id }),
  )
}
