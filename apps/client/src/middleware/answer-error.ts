import { BuildsError, isBuildsError, v4Failure } from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import { troubleOf } from '@workers-builds/store'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ClientContext } from '../context.ts'

/**
 * Answers with what was thrown in the v4 envelope, with a link to its documentation and the request's
 * id. An unforeseen error is logged, and its details are not in the answer.
 */
export function answerError(thrown: Error, c: Context<ClientContext>): Response {
  const error = isBuildsError(thrown) ? thrown : unforeseen(thrown)
  const failure = v4Failure(error, {
    documentationUrl: new URL('/docs/api-errors', c.env.PUBLIC_URL).href,
    requestId: c.var.requestId,
  })
  const { retryAfterSeconds } = error
  if (retryAfterSeconds) c.header('retry-after', String(retryAfterSeconds))
  return c.json(failure, error.status as ContentfulStatusCode)
}

function unforeseen(thrown: Error): BuildsError {
  switch (troubleOf(thrown)) {
    case 'away':
      // Scheduler reports an outage, once.
      logger.withFields(errorFields(thrown)).error('a request failed: no database')
      return new BuildsError(
        'unavailable',
        'The database cannot be reached at the moment; try again shortly.',
        { retryAfterSeconds: 5 },
      )
    case 'given_up':
      logger.withFields(errorFields(thrown)).warn('a request gave way to others')
      return new BuildsError(
        'unavailable',
        'Too many requests change the same thing at the moment; nothing was changed, try again shortly.',
        { retryAfterSeconds: 1 },
      )
    case 'overtaken':
      logger.withFields(errorFields(thrown)).warn('a request was overtaken by another')
      return new BuildsError(
        'conflict',
        'Another request changed the same thing at this moment; nothing was changed, read it again and try again.',
      )
    default:
      // A statement that Postgres refuses is a mistake in this code.
      reportError(thrown, 'a request failed')
      return new BuildsError('internal_error', 'Something went wrong on our side.')
  }
}
