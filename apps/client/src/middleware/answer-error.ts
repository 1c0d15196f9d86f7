import { BuildsError, isBuildsError, v4Failure } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ClientContext } from '../context.ts'

/** Codes of postgres.js and of sockets that say that the database cannot be reached. */
const DATABASE_AWAY = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  '57P01', // terminated by an administrator
  '57P03', // starting up
])

/**
 * Answers whatever was thrown in the v4 envelope. What we did not foresee is logged and answered
 * with the request's id and nothing of itself.
 */
export function answerError(thrown: Error, c: Context<ClientContext>): Response {
  const error = isBuildsError(thrown) ? thrown : unforeseen(thrown, c.var.requestId)
  return c.json(v4Failure(error), error.status as ContentfulStatusCode)
}

function unforeseen(thrown: Error, requestId: string): BuildsError {
  logger.withFields(errorFields(thrown)).error('a request failed')
  if ('code' in thrown && DATABASE_AWAY.has(String(thrown.code))) {
    return new BuildsError(
      'unavailable',
      `The database cannot be reached at the moment; try again shortly (request ${requestId}).`,
    )
  }
  return new BuildsError(
    'internal_error',
    `Something went wrong on our side (request ${requestId}).`,
  )
}
