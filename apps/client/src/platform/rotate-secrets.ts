import { RotatedSecrets, RotateSecretsRequest, v4Success } from '@workers-builds/contracts'
import { parseKeyring, resealSome } from '@workers-builds/sealing'
import { SEALED_COLUMNS, type Store } from '@workers-builds/store'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { buildManagement } from '../bindings.ts'

const WEBHOOK_COLUMNS = SEALED_COLUMNS.filter(({ keyring }) => keyring === 'webhook')

/** Each Worker seals the secrets whose keys it has; call it until nothing remains. */
export const rotateSecrets = operation(
  {
    method: 'post',
    path: '/secrets/rotate',
    operationId: 'rotateSecrets',
    summary: 'Seal a batch of stored secrets again with the newest key of their keyring',
    request: { body: jsonBody(RotateSecretsRequest) },
    responses: answers(RotatedSecrets),
  },
  async (c) => {
    const { limit } = c.req.valid('json')
    const keyring = parseKeyring(c.env.WEBHOOK_KEYRING)
    const { sealedValues: store } = c.var.store
    const resealed = await resealSome(WEBHOOK_COLUMNS, { keyring, store, limit })
    const webhook = { newest_key_id: keyring.newestKeyId, ...resealed }
    const build = await buildManagement(c.env).resealBuildSecrets({ limit })
    const newest = { webhook: webhook.newest_key_id, build: build.newest_key_id }
    return c.json(v4Success({ webhook, build, remaining: await countOlder(store, newest) }), 200)
  },
)

async function countOlder(
  store: Store['sealedValues'],
  newest: Record<'webhook' | 'build', string>,
): Promise<number> {
  let older = 0
  for (const of of SEALED_COLUMNS) {
    for (const { key_id, count } of await store.countByKey(of)) {
      if (key_id !== newest[of.keyring]) older += count
    }
  }
  return older
}
