import { BuildsError } from '@workers-builds/contracts'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'

/** Refuses bodies of more than `maxBytes`, by their announced size or while they are read. */
export function limitBody(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new BuildsError('body_too_large', `The request body is larger than ${maxBytes} bytes.`)
    },
  })
}

/** Refuses a body that is there and is no JSON. */
export const requireJson = createMiddleware<ClientContext>(async (c, next) => {
  const body = c.req.method === 'GET' ? '' : await c.req.text()
  if (body.trim() !== '' && !isJson(body)) {
    throw new BuildsError('invalid_request', 'Invalid request body: it is no JSON.')
  }
  await next()
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
