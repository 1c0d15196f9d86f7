import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile } from '../state/json-file.ts'

/** What a repository's hook has to know to speak for GitHub. Holds a secret: mode 0600. */
export const WebhookSettings = z.object({
  /** Signs the webhooks; the receiver keeps it with the repository connection. */
  webhook_secret: z.string(),
  repo_connection_uuid: z.uuid(),
  /** On whose page the pusher sees the builds. */
  account_id: z.string(),
  /** Where the stack says at which address it serves: the address may be another after a restart. */
  address_file: z.string(),
  hook_id: z.int(),
  owner: z.object({ id: z.int(), login: z.string() }),
  repository: z.object({ id: z.int(), name: z.string() }),
})
export type WebhookSettings = z.infer<typeof WebhookSettings>

/** The part of the address file that the hook needs. */
export const StackAddress = z.object({ url: z.url(), git_host_url: z.url() })
export type StackAddress = z.infer<typeof StackAddress>

/** The file of the settings in the bare repository `gitDir`. */
export function webhookSettingsFile(gitDir: string): string {
  return join(gitDir, 'webhook.json')
}

export async function readWebhookSettings(gitDir: string): Promise<WebhookSettings> {
  const file = webhookSettingsFile(gitDir)
  const settings = await readJsonFile(file, WebhookSettings)
  if (settings === undefined) throw new Error(`${file} is missing or damaged`)
  return settings
}
