import { createHash } from 'node:crypto'
import { LOCAL_INSTALLATION_ID } from '@workers-builds/local-platform/git-host'
import { parseKeyring } from '@workers-builds/sealing'
import postgres from 'postgres'
import type { StackSecrets } from './secrets.ts'

/** As many builds at once as a paid account has. */
const PAID_CONCURRENCY = 6

/** The Worker that a push to the demo repository builds. */
export interface DemoProject {
  account_name: string
  script_name: string
  /** `owner/name` on the Git host. */
  owner: string
  repo: string
  build_command: string
  deploy_command: string
}

/**
 * Checks what would be deployed. Without a Wrangler configuration a real deployment writes one, but a
 * dry run ends with "Missing entry-point", which is no fault of the project.
 */
const DRY_RUN = `if ls wrangler.toml wrangler.json wrangler.jsonc .wrangler/deploy/config.json 2>/dev/null | grep -q .; then npx wrangler deploy --dry-run; else echo 'There is no Wrangler configuration: a real deployment would write one, and this machine deploys nothing.'; fi`

export const DEMO_PROJECT: DemoProject = {
  account_name: 'Demo',
  script_name: 'demo-worker',
  owner: 'demo',
  repo: 'demo-worker',
  // create-cloudflare's hello world has no build script.
  build_command: 'if [ -f package.json ]; then npm run build --if-present; fi',
  deploy_command: DRY_RUN,
}

/**
 * Puts the demo account, its Worker, repository, trigger and tokens into the database, or brings
 * them back to how they should be.
 */
export async function seed({
  databaseUrl,
  secrets,
  project,
}: {
  databaseUrl: string
  secrets: StackSecrets
  project: DemoProject
}): Promise<void> {
  const { account_id, script_tag, repo_connection_uuid, build_token_uuid, trigger_uuid } = secrets
  const webhook_secret_sealed = await parseKeyring(secrets.webhook_keyring).seal(
    secrets.webhook_secret,
    { table: 'repo_connections', row: repo_connection_uuid, column: 'webhook_secret_sealed' },
  )
  const build_token_secret_sealed = await parseKeyring(secrets.build_keyring).seal(
    secrets.build_token,
    { table: 'build_tokens', row: build_token_uuid, column: 'build_token_secret_sealed' },
  )
  const database = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await database.begin(async (sql) => {
      await sql`
        insert into accounts ${sql({
          account_id,
          account_name: project.account_name,
          max_concurrent_builds: PAID_CONCURRENCY,
        })}
        on conflict (account_id) do update set account_name = excluded.account_name`
      await sql`
        insert into workers ${sql({ script_tag, account_id, script_name: project.script_name })}
        on conflict (script_tag) do update set script_name = excluded.script_name, deleted_on = null`
      await sql`
        insert into repo_connections ${sql({
          repo_connection_uuid,
          account_id,
          provider_type: 'github',
          provider_account_id: String(secrets.github_owner_id),
          provider_account_name: project.owner,
          repo_id: String(secrets.github_repo_id),
          repo_name: project.repo,
          webhook_secret_sealed,
        })}
        on conflict (repo_connection_uuid) do update set
          repo_name = excluded.repo_name, webhook_secret_sealed = excluded.webhook_secret_sealed,
          deleted_on = null`
      await sql`
        insert into git_installations ${sql({ account_id, installation_id: LOCAL_INSTALLATION_ID })}
        on conflict do nothing`
      await sql`
        insert into build_tokens ${sql({
          build_token_uuid,
          account_id,
          build_token_name: 'Demo build token',
          build_token_secret_sealed,
          cloudflare_token_id: build_token_uuid.replaceAll('-', ''),
        })}
        on conflict (build_token_uuid) do update set
          build_token_secret_sealed = excluded.build_token_secret_sealed, deleted_on = null`
      await sql`
        insert into triggers ${sql({
          trigger_uuid,
          script_tag,
          repo_connection_uuid,
          build_token_uuid,
          trigger_name: 'Every branch',
          build_command: project.build_command,
          deploy_command: project.deploy_command,
          root_directory: '/',
        })}
        on conflict (trigger_uuid) do nothing`
      await seedToken(sql, { token: secrets.token, token_name: 'Demo', account_id })
      await seedToken(sql, { token: secrets.platform_token, token_name: 'Demo platform' })
    })
  } finally {
    await database.end()
  }
}

/** A token of the account, or, without one, of the platform's own people. */
async function seedToken(
  sql: postgres.TransactionSql,
  { token, token_name, account_id }: { token: string; token_name: string; account_id?: string },
): Promise<void> {
  const token_sha256 = createHash('sha256').update(token).digest()
  const is_platform = account_id === undefined
  const [row] = await sql`
    insert into api_tokens ${sql({ token_name, token_sha256, is_platform })}
    on conflict (token_sha256) do update set token_name = excluded.token_name
    returning api_token_uuid`
  if (is_platform) return
  await sql`
    insert into api_token_accounts ${sql({ ...row, account_id, permission: 'write' })}
    on conflict do nothing`
}
