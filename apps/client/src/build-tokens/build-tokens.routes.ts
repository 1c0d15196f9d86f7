/**
 * Build tokens: the Cloudflare API tokens with which builds deploy.
 *
 * Keyed by `build_token_uuid`. The secret is sealed before it is stored and never returned. When a
 * token is deleted, the builds of triggers that use it fail until they get another.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { createBuildToken } from './create-build-token.ts'
import { deleteBuildToken } from './delete-build-token.ts'
import { listBuildTokens } from './list-build-tokens.ts'

export const buildTokens = new OpenAPIHono<ClientContext>()
buildTokens.openapiRoutes([createBuildToken, listBuildTokens, deleteBuildToken])
