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

/** `…/builds/triggers/{trigger_uuid}` */
export const TriggerPath = AccountPath.extend({ trigger_uuid: z.uuid() })

/** A query parameter that is a list of up to 20, divided by commas. */
export function listOf<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).max(20))
}
