/**
 * `POST /mcp`: the API for language models, over the Model Context Protocol's streamable HTTP.
 *
 * There are no sessions: each request has a server of its own, which may do what its bearer may do.
 * A tool (`tools.ts`) calls the API above and writes its answer as text, so that checks, limits and
 * errors are the API's. Requests of another origin are refused.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/cfworker'
import { BuildsError } from '@workers-builds/contracts'
import type { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { operation } from '../api/operation.ts'
import { authenticate } from '../authentication/authenticate.ts'
import type { ClientContext } from '../context.ts'
import { limitBody } from '../middleware/limit-body.ts'
import { registerTools } from './tools.ts'

const MAX_BODY_BYTES = 256 * 1024

/** The route, whose tools call the API that `app` serves. */
export function mcp(app: () => Hono<ClientContext>): OpenAPIHono<ClientContext> {
  const routes = new OpenAPIHono<ClientContext>()
  routes.use(limitBody(MAX_BODY_BYTES), challenge, checkOrigin, authenticate)
  routes.openapiRoutes([handleMessages(app)])
  return routes
}

function handleMessages(app: () => Hono<ClientContext>) {
  return operation(
    {
      method: 'post',
      path: '/',
      operationId: 'mcp',
      summary: 'Call tools over the Model Context Protocol, without sessions',
      responses: { 200: { description: 'JSON-RPC answers' }, 202: { description: 'Accepted' } },
    },
    async (c) => {
      const server = new McpServer(
        { name: 'workers-builds', version: c.env.GIT_TAG },
        { jsonSchemaValidator: new CfWorkerJsonSchemaValidator() },
      )
      registerTools(server, { c, app: app() })
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
      await server.connect(transport)
      return await transport.handleRequest(c.req.raw)
    },
  )
}

/** A refused client learns that a bearer is missing. */
const challenge = createMiddleware<ClientContext>(async (c, next) => {
  await next()
  if (c.res.status === 401) c.header('www-authenticate', 'Bearer realm="workers-builds"')
})

/** A page of another origin must not act for the user of the browser. */
const checkOrigin = createMiddleware<ClientContext>(async (c, next) => {
  const origin = c.req.header('origin')
  if (origin !== undefined && origin !== new URL(c.env.PUBLIC_URL).origin) {
    throw new BuildsError('forbidden', 'Requests from other origins are refused here.')
  }
  await next()
})
