import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { operation } from './operation.ts'

/** `GET /client/v4/openapi.json`: all operations of `app`, as the routes themselves describe them. */
export function openApiDocument(app: () => OpenAPIHono<ClientContext>) {
  return operation(
    {
      method: 'get',
      path: '/client/v4/openapi.json',
      operationId: 'getOpenApiDocument',
      summary: 'Get this OpenAPI document',
      security: [],
      responses: { 200: { description: 'OpenAPI 3.1' } },
    },
    (c) => {
      const { components, ...document } = app().getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Workers Builds',
          version: '4.0.0',
          description:
            'Operations that Workers Builds has too have the operation id that they have there.',
        },
        servers: [{ url: new URL(c.env.PUBLIC_URL).origin }],
        security: [{ bearer: [] }],
      })
      const securitySchemes = { bearer: { type: 'http', scheme: 'bearer' } }
      return c.json({ ...document, components: { ...components, securitySchemes } })
    },
  )
}
