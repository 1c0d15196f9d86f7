import {
  BuildsError,
  EventSubscriptionInput,
  NewEventSubscription,
  v4Success,
} from '@workers-builds/contracts'
import { answers, jsonBody, operation } from '../api/operation.ts'
import { AccountPath } from '../api/parameters.ts'
import { createEventSecret } from './create-secret.ts'
import { storedDestination } from './destination.ts'
import { findSubscription } from './find-subscription.ts'
import { subscriptionView } from './subscription.view.ts'

/** Each event is written once for every subscription that wants it. */
const MOST_SUBSCRIPTIONS = 100

export const createSubscription = operation(
  {
    method: 'post',
    path: '/subscriptions',
    operationId: 'subscriptions-create',
    summary:
      'Subscribe a queue or a webhook to build events; the secret of a webhook is returned only here',
    request: { params: AccountPath, body: jsonBody(EventSubscriptionInput) },
    responses: answers(NewEventSubscription),
  },
  async (c) => {
    const { store } = c.var
    const { account_id } = c.req.valid('param')
    const input = c.req.valid('json')
    const destination = storedDestination(c.env, input.destination)
    const script_name = input.source.worker_name
    const worker = script_name && (await store.workers.selectByName({ account_id, script_name }))
    if (worker === undefined && script_name !== undefined) {
      throw new BuildsError('not_found', `Not found: no Worker is named ${script_name}`)
    }
    const event_subscription_id = crypto.randomUUID().replaceAll('-', '')
    const secret =
      destination.destination_type === 'webhook'
        ? await createEventSecret(c.env, event_subscription_id)
        : null
    await store.transaction(async (tx) => {
      await tx.eventSubscriptions.lockAccount(account_id)
      const { total_count } = await tx.eventSubscriptions.selectPage({
        account_id,
        page: 1,
        per_page: 1,
      })
      if (total_count >= MOST_SUBSCRIPTIONS) {
        throw new BuildsError(
          'conflict',
          `The account has ${total_count} event subscriptions, and ${MOST_SUBSCRIPTIONS} is the most: delete one first`,
        )
      }
      await tx.eventSubscriptions.insert({
        account_id,
        event_subscription_id,
        ...destination,
        script_tag: worker ? worker.script_tag : null,
        subscription_name: input.name,
        events: input.events,
        enabled: input.enabled,
        secret_sealed: secret?.secret_sealed ?? null,
      })
    })
    const row = await findSubscription(store, {
      account_id,
      subscription_id: event_subscription_id,
    })
    return c.json(
      v4Success({ ...subscriptionView(row), ...(secret && { secret: secret.secret }) }),
      200,
    )
  },
)
