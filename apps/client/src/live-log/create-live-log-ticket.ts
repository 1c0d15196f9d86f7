import { LiveLogTicket, v4Success } from '@workers-builds/contracts'
import { answersCreated, operation } from '../api/operation.ts'
import { BuildPath } from '../api/parameters.ts'
import { authenticate, authorizeReading } from '../authentication/authenticate.ts'
import { findBuild } from '../builds/find-build.ts'
import { assertLogKept } from '../builds/get-build-logs.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { makeTicket } from './live-log-ticket.ts'

/** It has no body. */
const MAX_BODY_BYTES = 1024

export const createLiveLogTicket = operation(
  {
    method: 'post',
    path: '/builds/{build_uuid}/logs/ticket',
    operationId: 'createLiveLogTicket',
    summary:
      'Create a ticket that opens the live log of a build within a minute; needs read permission only',
    middleware: [limitBody(MAX_BODY_BYTES), authenticate, authorizeReading],
    request: { params: BuildPath },
    responses: answersCreated(LiveLogTicket),
  },
  async (c) => {
    const build = await findBuild(c.var.store, c.req.valid('param'))
    assertLogKept(build)
    const { ticket, expires_on } = await makeTicket(c.env, build, Date.now())
    // Not the request's own address: its Host header is whatever the caller sent.
    const url = new URL(c.req.path.replace(/\/ticket$/, '/live'), c.env.PUBLIC_URL)
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
    url.searchParams.set('ticket', ticket)
    const answer: LiveLogTicket = {
      ticket,
      expires_on: new Date(expires_on).toISOString(),
      url: url.href,
      status: build.status,
    }
    return c.json(v4Success(answer), 201)
  },
)
