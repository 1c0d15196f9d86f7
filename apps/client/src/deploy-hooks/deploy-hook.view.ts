import type { DeployHook } from '@workers-builds/contracts'
import type { DeployHookRow } from '@workers-builds/store'

/** A hook as the API shows it. */
export function deployHookView(row: DeployHookRow): DeployHook {
  return {
    deploy_hook_uuid: row.deploy_hook_uuid,
    deploy_hook_name: row.deploy_hook_name,
    external_script_id: row.script_tag,
    branch: row.branch,
    created_on: row.created_on.toISOString(),
    modified_on: row.modified_on.toISOString(),
  }
}
