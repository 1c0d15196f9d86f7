import { env, exports } from 'cloudflare:workers'
import { V4Error } from '@workers-builds/contracts'
import { parseKeyring } from '@workers-builds/sealing'
import { connect } from '@workers-builds/store'
import { createHarness, randomHex, type Tenant } from '@workers-builds/store/testing'
import { afterAll } from 'vitest'
import { z } from 'zod'

const Envelope = z.object({
  success: z.boolean(),
  errors: z.array(V4Error),
  messages: z.array(z.unknown()),
  result: z.any(),
  result_info: z.unknown().optional(),
  request_id: z.string().optional(),
})

/** Every request has another address, so that failures of one test do not count with another's. */
const anAddress = () => `2001:db8:${randomHex(4)}:${randomHex(4)}::1`

type CallInit = RequestInit & { token?: string }

/** Randomised rows, and a client that talks to the Worker as a caller would. */
export function useClient() {
  const sql = connect(env.HYPERDRIVE.connectionString, { max: 2 })
  afterAll(() => sql.end())
  const harness = createHarness(sql)

  const client = {
    ...harness,

    /** Sends a request to the Worker; returns its response. */
    async fetch(path: string, { token, ...request }: CallInit = {}): Promise<Response> {
      const headers = new Headers(request.headers)
      if (!headers.has('cf-connecting-ip')) headers.set('cf-connecting-ip', anAddress())
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
      const url = new URL(path, 'https://builds.example.com')
      return await exports.default.fetch(new Request(url, { ...request, headers }))
    },

    /** Sends a request to the Worker; returns status and envelope of its response. */
    async call(path: string, init: CallInit = {}) {
      const response = await client.fetch(path, init)
      const { status, headers } = response
      return { status, headers, ...Envelope.parse(await response.json()) }
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
  return client

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
