import type { RouteConfig } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import type { ClientContext } from '../context.ts'
import { invalidRequest } from './refuse-invalid.ts'
import { fieldsAt } from './schema-at.ts'
import { unknownField } from './unknown-field.ts'

/**
 * Refuses query parameters that an operation does not have, and fields of a body where it has no body;
 * those of a body that it has are its schema's to refuse. Whoever needs no token, such as a monitor or a
 * content system with a deploy hook, may add what it likes.
 */
export function refuseUnknown({ request, security }: RouteConfig) {
  const query = request?.query
  const isOpen = security?.length === 0 && query === undefined
  const parameters = fieldsAt(query instanceof z.ZodType ? query : undefined, [])
  return createMiddleware<ClientContext>(async (c, next) => {
    if (!isOpen) {
      refuse('query', Object.keys(c.req.query()), parameters)
      if (request?.body === undefined) refuse('body', fieldsOf(c.var.body), [])
    }
    await next()
  })
}

function refuse(place: 'body' | 'query', names: string[], known: string[]): void {
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw invalidRequest(
    unknown.slice(0, 20).map((name) => unknownField({ place, path: [name], known })),
  )
}

function fieldsOf(body: unknown): string[] {
  return typeof body === 'object' && body !== null ? Object.keys(body) : []
}
