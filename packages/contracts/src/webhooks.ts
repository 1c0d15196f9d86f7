/** What came of the webhooks of a Git provider. */
import { z } from 'zod'
import { IsoDate } from './fields.ts'
import { BuildUuid } from './ids.ts'
import { SkipReason } from './lifecycle.ts'

/** What was decided of a push for one trigger, and why. */
export const TriggerDecision = z.object({
  trigger_uuid: z.uuid(),
  script_name: z.string(),
  /** `none`: the trigger does not build this branch, and there is no build that says so. */
  decision: z.enum(['build', 'skip', 'none']),
  build_uuid: BuildUuid.nullable(),
  skip_reason: SkipReason.nullable(),
  reason: z.string(),
})
export type TriggerDecision = z.infer<typeof TriggerDecision>

/** `POST /webhooks/…`: what came of a delivery. */
export const WebhookResult = z.object({
  event: z.string(),
  /** The delivery was seen before; the rest is what came of it then. */
  duplicate: z.boolean(),
  /** The builds that were queued. */
  build_uuids: z.array(BuildUuid),
  /** Why none was queued, when none was. */
  ignored: z.string().nullable(),
  /** Of a push: each trigger of the repository. */
  decisions: z.array(TriggerDecision),
})
export type WebhookResult = z.infer<typeof WebhookResult>

/** `GET …/repos/connections/:repo_connection_uuid/deliveries`: a webhook, newest first. */
export const WebhookDeliveryView = z.object({
  delivery_id: z.string(),
  event: z.string(),
  received_on: IsoDate,
  /** Null of one received before results were recorded. */
  result: WebhookResult.omit({ event: true, duplicate: true }).nullable(),
})
export type WebhookDeliveryView = z.infer<typeof WebhookDeliveryView>
