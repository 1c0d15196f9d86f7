/**
 * An account's build minutes: how many of the month are used, and how many its plan includes.
 *
 * Keyed by `account_id`. They are added up from the account's builds on every request. Nothing here
 * stops a build: an account that has used up its minutes goes on building.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { getAccountLimits } from './get-account-limits.ts'

export const account = new OpenAPIHono<ClientContext>()
account.openapiRoutes([getAccountLimits])
