import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { readJsonFile, writeJsonFile } from '@workers-builds/local-platform/state'
import { z } from 'zod'

/** Everything that must be the same again after a restart: keys, tokens and the demo's ids. */
export const StackSecrets = z.object({
  webhook_keyring: z.string(),
  build_keyring: z.string(),
  runner_token_keys: z.string(),
  compute_host_token: z.string(),
  /** What builds clone with. */
  github_token: z.string(),
  webhook_secret: z.string(),
  build_token: z.string(),
  /** Bearer of the demo account. */
  token: z.string(),
  /** Bearer of the views across accounts. */
  platform_token: z.string(),
  account_id: z.string(),
  script_tag: z.string(),
  repo_connection_uuid: z.uuid(),
  build_token_uuid: z.uuid(),
  trigger_uuid: z.uuid(),
  github_owner_id: z.int(),
  github_repo_id: z.int(),
})
export type StackSecrets = z.infer<typeof StackSecrets>

/** The secrets of the stack in `dir`, made on the first call. */
export async function openSecrets({ dir }: { dir: string }): Promise<StackSecrets> {
  const file = join(dir, 'secrets.json')
  const found = await readJsonFile(file, StackSecrets)
  if (found !== undefined) return found
  const secrets = createSecrets()
  await writeJsonFile(file, secrets)
  return secrets
}

function createSecrets(): StackSecrets {
  return {
    webhook_keyring: createKeyring(),
    build_keyring: createKeyring(),
    runner_token_keys: createKeyring(),
    compute_host_token: createToken('wbh'),
    github_token: createToken('ghs'),
    platform_token: createToken('wbp'),
    ...createProjectSecrets(),
  }
}

/** The part of them that is one project's: another account on the same stack has its own. */
export function createProjectSecrets() {
  return {
    webhook_secret: createToken('whs'),
    build_token: createToken('wbt'),
    token: createToken('wb'),
    account_id: randomBytes(16).toString('hex'),
    script_tag: randomBytes(16).toString('hex'),
    repo_connection_uuid: randomUUID(),
    build_token_uuid: randomUUID(),
    trigger_uuid: randomUUID(),
    github_owner_id: randomBytes(4).readUInt32BE(),
    github_repo_id: randomBytes(4).readUInt32BE(),
  }
}

/** A keyring with one key of 32 bytes, as `packages/sealing` reads it. */
function createKeyring(): string {
  return `local1:${randomBytes(32).toString('base64')}`
}

function createToken(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x')}`
}
