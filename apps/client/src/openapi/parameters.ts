/** Parameters that several operations have. */
import { AccountId, BuildUuid, ScriptTag } from '@workers-builds/contracts'
import { z } from 'zod'

/** `/client/v4/accounts/{account_id}/…` */
export const AccountPath = z.object({ account_id: AccountId })

/** `…/builds/builds/{build_uuid}` */
export const BuildPath = AccountPath.extend({ build_uuid: BuildUuid })

/** `…/builds/workers/{script_tag}` */
export const WorkerPath = AccountPath.extend({
  script_tag: ScriptTag.describe("The Worker's tag, which is not its name"),
})

/** `page` from 1, and `per_page`. */
export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  per_page: z.coerce.number().int().min(1).max(200).default(50),
})
