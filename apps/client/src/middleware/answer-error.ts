import { BuildsError, isBuildsError, v4Failure } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
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
  '53300', // too many connections
  '57P01', // terminated by an administrator
  '57P03', // starting up
])

/**
 * Answers whatever was thrown in the v4 envelope, with where to read about it and the request's id.
 * What we did not foresee is logged, and nothing of it is answered.
 */
export function answerError(thrown: Error, c: Context<ClientContext>): Response {
  const error = isBuildsError(thrown) ? thrown : unforeseen(thrown)
  const failure = v4Failure(error, {
    documentationUrl: c.env.ERRORS_DOCUMENTATION_URL,
    requestId: c.var.requestId,
  })
  const { retryAfterSeconds } = error
  if (retryAfterSeconds) c.header('retry-after', String(retryAfterSeconds))
  return c.json(failure, error.status as ContentfulStatusCode)
}

function unforeseen(thrown: Error): BuildsError {
  if ('code' in thrown && DATABASE_AWAY.has(String(thrown.code))) {
    // Scheduler reports an outage, once.
    logger.withFields(errorFields(thrown)).error('a request failed: no database')
    return new BuildsError(
      'unavailable',
      'The database cannot be reached at the moment; try again shortly.',
    )
  }
  reportError(thrown, 'a request failed')
  return new BuildsError('internal_error', 'Something went wrong on our side.')
}
