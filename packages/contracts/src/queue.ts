import { z } from 'zod'
import { BuildId } from './ids.ts'

/** Body of a message in BuildErrorsQueue: scan the log of this build. */
export const BuildErrorsMessage = z.object({ v: z.literal(1), build_id: BuildId })
export type BuildErrorsMessage = z.infer<typeof BuildErrorsMessage>

/** The message that asks for a scan of `build_id`, for `send` and `sendBatch`. */
export function buildErrorsMessage(build_id: BuildId): { body: BuildErrorsMessage } {
  return { body: { v: 1, build_id } }
}
