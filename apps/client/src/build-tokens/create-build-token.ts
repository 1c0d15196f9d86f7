import { BuildToken, CreateBuildToken, v4Success } from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { buildManagement } from '../bindings.ts'

export const createBuildToken = operation(
  {
    method: 'post',
    path: '/tokens',
    operationId: 'createBuildToken',
    summary: 'Store a Cloudflare API token that builds deploy with; its secret is never returned',
    request: { params: AccountPath, body: jsonBody(CreateBuildToken) },
    responses: answers(BuildToken),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const { build_token_secret, ...token } = c.req.valid('json')
    const build_token_uuid = crypto.randomUUID()
    const [build_token_secret_sealed = ''] = await buildManagement(c.env).sealBuildSecrets([
      {
        plaintext: build_token_secret,
        place: {
          table: 'build_tokens',
          row: build_token_uuid,
          column: 'build_token_secret_sealed',
        },
      },
    ])
    const stored = await c.var.store.buildTokens.insert({
      ...token,
      build_token_uuid,
      account_id,
      build_token_secret_sealed,
    })
    return c.json(v4Success(stored), 200)
  },
)
