/**
 * Deploy hooks: secret addresses that build a branch when they are called.
 *
 * Keyed by `deploy_hook_uuid`, which is the secret; a Worker's hooks by its name. While a build of a
 * hook is queued, another call returns that build. Calls are counted for a Worker and an account in
 * Postgres, exactly, and refused with 429 beyond that.
 */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ClientContext } from '../context.ts'
import { createDeployHook } from './create-deploy-hook.ts'
import { deleteDeployHook } from './delete-deploy-hook.ts'
import { getDeployHook } from './get-deploy-hook.ts'
import { listDeployHooks } from './list-deploy-hooks.ts'
import { triggerDeployHook } from './trigger-deploy-hook.ts'
import { updateDeployHook } from './update-deploy-hook.ts'

/** `…/builds/workers/{script_name}/deploy_hooks`, for the account's own people. */
export const deployHooks = new OpenAPIHono<ClientContext>()
deployHooks.openapiRoutes([
  listDeployHooks,
  createDeployHook,
  getDeployHook,
  updateDeployHook,
  deleteDeployHook,
])

/** `/client/v4/workers/builds/deploy_hooks`, for whoever knows the address of one. */
export const deployHookCalls = new OpenAPIHono<ClientContext>()
deployHookCalls.openapiRoutes([triggerDeployHook])
