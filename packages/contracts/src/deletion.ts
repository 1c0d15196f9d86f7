import { z } from 'zod'

/** A requested erasure and its progress; when it is done, nothing of it is left. */
export const Deletion = z.object({
  account_id: z.string(),
  /** The Worker; null when the whole account is erased. */
  script_tag: z.string().nullable(),
  requested_on: z.iso.datetime(),
  builds_left: z.int().nonnegative(),
})
export type Deletion = z.infer<typeof Deletion>
