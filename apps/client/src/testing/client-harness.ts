import { env, exports } from 'cloudflare:workers'
import { parseKeyring } from '@workers-builds/sealing'
import { connect } from '@workers-builds/store'
import { createHarness, type Tenant } from '@workers-builds/store/testing'
import { afterAll } from 'vitest'
import { z } from 'zod'

const Envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })),
  messages: z.array(z.unknown()),
  result: z.any(),
  result_info: z.unknown().optional(),
})

/** Randomised rows, and a client that talks to the Worker as a caller would. */
export function useClient() {
  const sql = connect(env.HYPERDRIVE.connectionString, { max: 2 })
  afterAll(() => sql.end())
  const harness = createHarness(sql)

  return {
    ...harness,

    /** Sends a request to the Worker; answers its status and envelope. */
    async call(path: string, init: RequestInit & { token?: string } = {}) {
      const { token, ...request } = init
      const headers = new Headers(request.headers)
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
      const url = new URL(path, 'https://builds.example.com')
      const response = await exports.default.fetch(new Request(url, { ...request, headers }))
      return { status: response.status, ...Envelope.parse(await response.json()) }
    },

    /** A tenant whose repository connection has this webhook secret. */
    async createWebhookTenant(
      secret: string,
      options: Partial<Parameters<typeof harness.createTenant>[0]> = {},
    ) {
      const tenant = await harness.createTenant(options)
      await sealWebhookSecret(tenant, secret)
      const [connection] = await sql<{ repo_id: string }[]>`
        select repo_id from repo_connections
        where repo_connection_uuid = ${tenant.repo_connection_uuid}`
      return { ...tenant, secret, repo_id: Number(connection?.repo_id) }
    },
  }

  async function sealWebhookSecret({ repo_connection_uuid }: Tenant, secret: string) {
    const sealed = await parseKeyring(env.WEBHOOK_KEYRING).seal(secret, {
      table: 'repo_connections',
      row: repo_connection_uuid,
      column: 'webhook_secret_sealed',
    })
    await sql`
      update repo_connections set webhook_secret_sealed = ${sealed}
      where repo_connection_uuid = ${repo_connection_uuid}`
  }
}
