import { logger } from '@workers-builds/logging'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'

/** Every line that is logged while a request is answered carries the release and the request. */
export const tagLogs = createMiddleware<ClientContext>(async (c, next) => {
  logger.setTags({
    release: c.env.GIT_TAG,
    environment: c.env.ENVIRONMENT,
    request_id: c.var.requestId,
  })
  await next()
})
