import { z } from 'zod'

/** An erasure that was asked for, and how far it is; when it is done there is nothing to tell. */
export const Deletion = z.object({
  account_id: z.string(),
  /** The Worker; null when the whole account is erased. */
  script_tag: z.string().nullable(),
  requested_on: z.iso.datetime(),
  builds_left: z.int().nonnegative(),
})
export type Deletion = z.infer<typeof Deletion>
