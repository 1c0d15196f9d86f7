import { createSecret } from '@workers-builds/event-webhooks'
import { buildManagement } from '../bindings.ts'

/** A secret that signs a subscription's webhooks, and the same sealed, to be stored. */
export async function createEventSecret(
  env: Pick<Env, 'BUILD_MANAGEMENT'>,
  event_subscription_id: string,
): Promise<{ secret: string; secret_sealed: string }> {
  const secret = createSecret()
  const place = {
    table: 'event_subscriptions',
    row: event_subscription_id,
    column: 'secret_sealed',
  }
  // The key is build-management's, which sends the webhooks.
  const [sealed] = await buildManagement(env).sealBuildSecrets([{ plaintext: secret, place }])
  if (sealed === undefined) throw new Error('nothing was sealed')
  return { secret, secret_sealed: sealed }
}
