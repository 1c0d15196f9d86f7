/** Deploy hooks: secret addresses that build a branch when they are called. */
import { z } from 'zod'
import { IsoDate, sentBack } from './fields.ts'
import { BuildUuid, ScriptTag } from './ids.ts'
import { BuildStatus } from './lifecycle.ts'

export const DeployHook = z.object({
  /** The secret: whoever knows it can start builds. */
  deploy_hook_uuid: z.uuid(),
  deploy_hook_name: z.string(),
  external_script_id: ScriptTag,
  branch: z.string(),
  created_on: IsoDate,
  modified_on: IsoDate,
})
export type DeployHook = z.infer<typeof DeployHook>

/** `POST` and `PUT …/deploy_hooks`. */
export const DeployHookInput = sentBack(
  z.object({
    deploy_hook_name: z.string().trim().min(1).max(58),
    branch: z.string().max(255).refine(isBranchName, 'expected the name of a Git branch'),
  }),
  DeployHook,
)
export type DeployHookInput = z.infer<typeof DeployHookInput>

/** In a list: with the last build that the hook started. */
export const ListedDeployHook = DeployHook.extend({
  latest_build: z.object({ created_on: IsoDate }).nullable(),
})
export type ListedDeployHook = z.infer<typeof ListedDeployHook>

/** `POST /client/v4/workers/builds/deploy_hooks/:deploy_hook_uuid` */
export const DeployHookRun = z.object({
  build_uuid: BuildUuid,
  status: BuildStatus,
  created_on: IsoDate,
  /** The hook had a build that has not begun to run yet; this is it. */
  already_exists: z.boolean(),
})
export type DeployHookRun = z.infer<typeof DeployHookRun>

/** What `git check-ref-format --branch` takes. */
function isBranchName(name: string): boolean {
  const parts = name.split('/')
  return (
    !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(name) &&
    name.isWellFormed() &&
    name !== '@' &&
    !name.startsWith('-') &&
    !name.endsWith('.') &&
    parts.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  )
}
