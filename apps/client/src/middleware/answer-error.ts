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
  '58000', // Hyperdrive does not reach it, or has no connection to spare
])

/** Postgres gave a statement up for the sake of others, and it may succeed by itself. */
const GIVEN_UP = new Set([
  '40001', // could not be put in an order
  '40P01', // deadlock
  '55P03', // a lock was not to be had in time
  '57014', // took too long
])

/** What was to be written goes against what somebody else wrote at the same moment. */
const OVERTAKEN = new Set([
  '23503', // what it names is gone
  '23505', // it is there already
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
  const code = 'code' in thrown ? String(thrown.code) : ''
  if (DATABASE_AWAY.has(code)) {
    // Scheduler reports an outage, once.
    logger.withFields(errorFields(thrown)).error('a request failed: no database')
    return new BuildsError(
      'unavailable',
      'The database cannot be reached at the moment; try again shortly.',
      { retryAfterSeconds: 5 },
    )
  }
  if (GIVEN_UP.has(code)) {
    logger.withFields(errorFields(thrown)).warn('a request gave way to others')
    return new BuildsError(
      'unavailable',
      'Too many requests change the same thing at the moment; nothing was changed, try again shortly.',
      { retryAfterSeconds: 1 },
    )
  }
  if (OVERTAKEN.has(code)) {
    logger.withFields(errorFields(thrown)).warn('a request was overtaken by another')
    return new BuildsError(
      'conflict',
      'Another request changed the same thing at this moment; nothing was changed, read it again and try again.',
    )
  }
  reportError(thrown, 'a request failed')
  return new BuildsError('internal_error', 'Something went wrong on our side.')
}
