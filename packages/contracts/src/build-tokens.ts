/** Build tokens: the Cloudflare API tokens with which builds deploy. */
import { z } from 'zod'
import { Name, Secret } from './fields.ts'

/** `POST …/tokens` */
export const CreateBuildToken = z
  .strictObject({
    build_token_name: Name,
    build_token_secret: Secret,
    cloudflare_token_id: z.string().min(1).max(64),
  })
  .meta({ id: 'CreateBuildToken' })
export type CreateBuildToken = z.infer<typeof CreateBuildToken>

export const BuildToken = z
  .object({
    build_token_uuid: z.uuid(),
    build_token_name: z.string(),
    cloudflare_token_id: z.string(),
    owner_type: z.enum(['user', 'account']),
  })
  .meta({ id: 'BuildToken' })
export type BuildToken = z.infer<typeof BuildToken>
