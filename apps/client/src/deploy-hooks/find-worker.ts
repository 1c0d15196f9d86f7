import { BuildsError } from '@workers-builds/contracts'
import type { Store, WorkerRow } from '@workers-builds/store'
import { z } from 'zod'
import { AccountPath } from '../api/parameters.ts'

/** `…/workers/{script_name}/deploy_hooks` */
export const DeployHooksPath = AccountPath.extend({
  script_name: z.string().min(1).max(255).describe("The Worker's name, which is not its tag"),
})

/** `…/deploy_hooks/{deploy_hook_uuid}` */
export const DeployHookPath = DeployHooksPath.extend({ deploy_hook_uuid: z.uuid() })

/** The Worker that the path names. */
export async function findWorker(
  store: Store,
  worker: { account_id: string; script_name: string },
): Promise<WorkerRow> {
  const row = await store.workers.selectByName(worker)
  if (row !== undefined) return row
  throw new BuildsError(
    'not_found',
    `Not found: no Worker is named ${worker.script_name} (deploy hooks are addressed by the Worker's name, not by its tag)`,
  )
}

export function noSuchHook(deploy_hook_uuid: string): BuildsError {
  return new BuildsError('not_found', `Not found: deploy hook ${deploy_hook_uuid}`)
}
