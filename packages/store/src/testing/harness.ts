import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { BuildEventName, type BuildSettings, type FailureReason } from '@workers-builds/contracts'
import type { Sql } from '../sql.ts'
import { type Store, storeOn } from '../store.ts'

export const randomHex = (digits: number) => randomBytes(digits / 2).toString('hex')
export const randomWord = (prefix: string) => `${prefix}-${randomHex(8)}`

const SETTINGS = {
  build_command: 'npm run build',
  deploy_command: 'npx wrangler deploy',
  root_directory: '/',
  clone_depth: 1,
  clone_submodules: true,
  network: 'full',
  build_token_name: 'test token',
  environment_variables: {},
  provider_type: 'github',
} as const

export type Tenant = {
  account_id: string
  script_tag: string
  script_name: string
  trigger_uuid: string
  repo_connection_uuid: string
  settings: BuildSettings
}

export type Harness = ReturnType<typeof createHarness>

/** Makes randomised rows; whatever a test does not name is drawn at random. */
export function createHarness(sql: Sql) {
  const store: Store = storeOn(sql)

  const harness = {
    store,
    sql,

    /** An account with one Worker that is built from one repository. */
    async createTenant({
      max_concurrent_builds = 6,
      build_timeout_seconds = 1200,
      webhook_secret_sealed = 'v1.none.',
      build_token_secret_sealed = 'v1.none.',
      ...trigger
    }: {
      max_concurrent_builds?: number
      build_timeout_seconds?: number
      webhook_secret_sealed?: string
      build_token_secret_sealed?: string
      branch_includes?: string[]
      branch_excludes?: string[]
    } = {}): Promise<Tenant> {
      const account_id = randomHex(32)
      const script_tag = randomHex(32)
      const script_name = randomWord('worker')
      const [repo_connection_uuid, trigger_uuid, build_token_uuid] = [
        randomUUID(),
        randomUUID(),
        randomUUID(),
      ]
      const repo_name = randomWord('repo')
      const provider_account_name = randomWord('owner')
      const build_token = { build_token_uuid, account_id, build_token_secret_sealed }
      await sql`insert into accounts ${sql({ account_id, account_name: randomWord('account'), max_concurrent_builds, build_timeout_seconds })}`
      await sql`insert into workers ${sql({ script_tag, account_id, script_name })}`
      await sql`insert into repo_connections ${sql({
        repo_connection_uuid,
        account_id,
        provider_type: 'github',
        provider_account_id: String(randomInt(1e9)),
        provider_account_name,
        repo_id: String(randomInt(1e9)),
        repo_name,
        webhook_secret_sealed,
      })}`
      await sql`insert into build_tokens ${sql({ ...build_token, build_token_name: SETTINGS.build_token_name, cloudflare_token_id: randomHex(32) })}`
      await sql`insert into triggers ${sql({
        trigger_uuid,
        script_tag,
        repo_connection_uuid,
        build_token_uuid,
        trigger_name: 'Deploy default branch',
        build_command: SETTINGS.build_command,
        deploy_command: SETTINGS.deploy_command,
        branch_includes: sql.json(trigger.branch_includes ?? ['*']),
        branch_excludes: sql.json(trigger.branch_excludes ?? []),
      })}`
      const settings = {
        ...SETTINGS,
        clone_repositories: [],
        build_token_uuid,
        repo_name,
        provider_account_name,
      }
      return { account_id, script_tag, script_name, trigger_uuid, repo_connection_uuid, settings }
    },

    /** A queued build, of `tenant` or of one of its own. */
    async createBuild({
      tenant,
      ...build
    }: {
      tenant?: Tenant
      branch?: string
      commit_hash?: string
      push_before?: string
      pushed_on?: Date
    } = {}) {
      const owner = tenant ?? (await harness.createTenant())
      const row = await store.builds.insert({
        account_id: owner.account_id,
        script_tag: owner.script_tag,
        trigger_uuid: owner.trigger_uuid,
        webhook_delivery_id: null,
        build_trigger_source: 'push_event',
        branch: build.branch ?? randomWord('branch'),
        commit_hash: build.commit_hash ?? randomHex(40),
        commit_message: randomWord('message'),
        author: randomWord('author'),
        push_before: build.push_before ?? null,
        pushed_on: build.pushed_on ?? null,
        settings: owner.settings,
      })
      return { build: row, tenant: owner }
    },

    /** A build that has run and failed. */
    async createFailedBuild({
      tenant,
      failure_reason = 'build_command_failed',
    }: {
      tenant?: Tenant
      failure_reason?: FailureReason
    } = {}) {
      const failed = await harness.createBuild(tenant && { tenant })
      await store.builds.saveState({
        build_id: failed.build.build_id,
        state: { status: 'stopped', build_outcome: 'fail', failure_reason },
        steps: [],
      })
      return failed
    },

    /** Many builds that have run and failed, in one statement; answers their numbers in order. */
    async createFailedBuilds(
      count: number,
      { tenant }: { tenant?: Tenant } = {},
    ): Promise<number[]> {
      const owner = tenant ?? (await harness.createTenant())
      const rows = await sql<{ build_id: number }[]>`
        insert into builds (account_id, script_tag, trigger_uuid, build_trigger_source, branch,
          commit_hash, commit_message, author, settings, status, build_outcome, failure_reason,
          stopped_on)
        select ${owner.account_id}, ${owner.script_tag}, ${owner.trigger_uuid}, 'push_event',
          'main', ${randomHex(40)}, 'message', 'author', ${sql.json(owner.settings)}, 'stopped',
          'fail', 'build_command_failed', now()
        from generate_series(1, ${count})
        returning build_id`
      return rows.map((row) => row.build_id).sort((a, b) => a - b)
    },

    /** Subscribes a queue, or the webhook at `url`, to a tenant's builds. */
    async createEventSubscription({
      tenant,
      script_tag = tenant.script_tag,
      events = BuildEventName.options,
      event_subscription_id = randomHex(32),
      url = null,
      secret_sealed = null,
    }: {
      tenant: Tenant
      /** Null: all Workers of the tenant's account. */
      script_tag?: string | null
      events?: BuildEventName[]
      event_subscription_id?: string
      url?: string | null
      secret_sealed?: string | null
    }): Promise<string> {
      await store.eventSubscriptions.insert({
        event_subscription_id,
        account_id: tenant.account_id,
        script_tag,
        subscription_name: randomWord('subscription'),
        events,
        enabled: true,
        destination_type: url === null ? 'queues.queue' : 'webhook',
        queue_id: url === null ? 'build-events' : null,
        url,
        secret_sealed,
      })
      return event_subscription_id
    },

    /** An API token for these accounts; answers the token itself. */
    async createToken({
      accounts = [],
      permission = 'write',
      is_platform = false,
      expires_on = null,
    }: {
      accounts?: string[]
      permission?: 'read' | 'write'
      is_platform?: boolean
      expires_on?: Date | null
    } = {}): Promise<string> {
      const token = randomBytes(32).toString('base64url')
      const api_token_uuid = randomUUID()
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
      const token_sha256 = new Uint8Array(digest)
      await sql`insert into api_tokens ${sql({ api_token_uuid, token_name: randomWord('token'), token_sha256, is_platform, expires_on })}`
      for (const account_id of accounts) {
        await sql`insert into api_token_accounts ${sql({ api_token_uuid, account_id, permission })}`
      }
      return token
    },

    /** Somebody whom Cloudflare Access knows. */
    async createAccessIdentity({
      kind = 'email',
      accounts = [],
      permission = 'write',
      ...identity
    }: {
      kind?: 'email' | 'service'
      accounts?: string[]
      permission?: 'read' | 'write'
      is_platform?: boolean
      expires_on?: Date
    } = {}): Promise<string> {
      const access_identity_uuid = randomUUID()
      const name = kind === 'email' ? `${randomWord('person')}@users.example` : randomHex(32)
      await sql`insert into access_identities ${sql({ access_identity_uuid, kind, name, ...identity })}`
      for (const account_id of accounts) {
        await sql`
          insert into access_identity_accounts
          ${sql({ access_identity_uuid, account_id, permission })}`
      }
      return name
    },

    /** Empties every table, for tests of what looks at all builds at once. */
    async clear(): Promise<void> {
      await sql`truncate accounts, api_tokens, access_identities, backfills restart identity cascade`
    },
  }
  return harness
}
