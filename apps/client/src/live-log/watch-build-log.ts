import {
  BuildsError,
  decodeLogCursor,
  EncodedLogCursor,
  ERROR_CODES,
  type ErrorCode,
  liveLogPath,
} from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'
import { z } from 'zod'
import { operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { findBuild } from '../builds/find-build.ts'
import { assertLogKept } from '../builds/get-build-logs.ts'
import { verifyTicket } from './live-log-ticket.ts'

const LiveQuery = z.object({
  /** '' is the beginning, as for no cursor at all. */
  cursor: z.union([z.literal(''), EncodedLogCursor]).optional(),
  ticket: z.string().max(500).optional(),
})

const Refusal = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)),
  message: z.string(),
})

export const watchBuildLog = operation(
  {
    method: 'get',
    path: '/builds/{build_uuid}/logs/live',
    operationId: 'watchBuildLog',
    summary: 'Stream the log of a build over a WebSocket, with a ticket',
    security: [],
    request: { params: BuildPath, query: LiveQuery },
    responses: { 101: { description: 'A WebSocket; see docs/live-logs.md' } },
  },
  async (c) => {
    const { ticket, cursor } = c.req.valid('query')
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      throw new BuildsError('upgrade_required', 'This is a WebSocket: send an upgrade request.')
    }
    if (ticket === undefined || ticket === '') {
      throw new BuildsError('missing_token', 'Add ?ticket=, which POST …/logs/ticket returns')
    }
    await verifyTicket(c.env, { ...c.req.valid('param'), ticket }, Date.now())
    const build = await findBuild(c.var.store, c.req.valid('param'))
    assertStarted(build)
    assertLogKept(build)
    const { line } = decodeLogCursor(cursor ?? '') ?? { line: 0 }
    const path = liveLogPath({ build_id: build.build_id, line })
    const answer = await c.env.BUILD_MANAGEMENT.fetch(new URL(path, c.req.url), {
      headers: { upgrade: 'websocket' },
    })
    if (answer.webSocket) return answer
    const { code, message } = Refusal.parse(await answer.json())
    throw new BuildsError(code, message)
  },
)

/** A build that was never started has no BuildBuddy, and watching it does not create one. */
function assertStarted({ build_uuid, initializing_on, status }: BuildRow): void {
  if (initializing_on !== null) return
  throw new BuildsError(
    'build_not_started',
    status === 'stopped'
      ? `Build ${build_uuid} was never started: it has no log.`
      : `Build ${build_uuid} is ${status}: it has no log yet; try again when it has started.`,
  )
}
