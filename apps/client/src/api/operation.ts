import { createRoute, type OpenAPIRoute, type RouteConfig } from '@hono/zod-openapi'
import { V4Failure, v4Envelope } from '@workers-builds/contracts'
import { z } from 'zod'
import type { ClientContext } from '../context.ts'
import { refuseInvalid } from '../validation/refuse-invalid.ts'
import { refuseUnknown } from '../validation/refuse-unknown.ts'

/**
 * One operation of the API: the shape of its request and of its answer, which the OpenAPI document
 * shows and against which requests are checked, and the function that answers.
 *
 * ```ts
 * export const getThing = operation(
 *   {
 *     method: 'get',
 *     path: '/things/{thing_uuid}',
 *     operationId: 'getThing',
 *     summary: 'Get a thing',
 *     request: { params: ThingPath },
 *     responses: answers(Thing),
 *   },
 *   async (c) => c.json(v4Success(await findThing(c, c.req.valid('param'))), 200),
 * )
 * ```
 */
export function operation<const Route extends RouteConfig & { operationId: string }>(
  config: Route,
  handler: OpenAPIRoute<Route, ClientContext>['handler'],
) {
  const content = config.request?.body?.content['application/json']
  const body = content && 'schema' in content ? content.schema : undefined
  const own = [config.middleware ?? []].flat()
  return {
    route: createRoute({ ...config, middleware: [...own, refuseUnknown(config)] }),
    handler,
    hook: refuseInvalid({ body: body instanceof z.ZodType ? body : undefined }),
  }
}

/** The answers of an operation: `result` in the envelope, or a failure. */
export function answers<Result extends z.ZodType>(result: Result) {
  return { 200: success(result), ...FAILURES }
}

/** The same for an operation that created something. */
export function answersCreated<Result extends z.ZodType>(result: Result) {
  return { 201: success(result), ...FAILURES }
}

/** The same for an operation that accepted work. */
export function answersAccepted<Result extends z.ZodType>(result: Result) {
  return { 202: success(result), ...FAILURES }
}

/** The required body of a request. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}

function success<Result extends z.ZodType>(result: Result) {
  return {
    description: 'Success',
    content: { 'application/json': { schema: v4Envelope(result) } },
  }
}

const FAILURES = {
  '4XX': {
    description: 'The request was refused: what was wrong with it, and what to do',
    content: { 'application/json': { schema: V4Failure } },
  },
  '5XX': {
    description: 'The server failed',
    content: { 'application/json': { schema: V4Failure } },
  },
}
