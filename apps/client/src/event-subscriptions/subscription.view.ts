import type { EventDelivery, EventSubscription } from '@workers-builds/contracts'
import type { DeliveryRow, EventSubscriptionRow } from '@workers-builds/store'

/** A subscription as the API shows it, without its secret. */
export function subscriptionView(row: EventSubscriptionRow): EventSubscription {
  return {
    id: row.event_subscription_id,
    name: row.subscription_name,
    enabled: row.enabled,
    disabled_reason: row.disabled_reason,
    failing_since: row.failing_since?.toISOString() ?? null,
    source: {
      type: 'workersBuilds.worker',
      ...(row.script_name !== null && { worker_name: row.script_name }),
    },
    destination:
      row.destination_type === 'webhook'
        ? { type: 'webhook', url: row.url ?? '' }
        : { type: 'queues.queue', queue_id: row.queue_id ?? '' },
    events: row.events,
    created_at: row.created_on.toISOString(),
    modified_at: row.modified_on.toISOString(),
  }
}

export function deliveryView(row: DeliveryRow): EventDelivery {
  return {
    id: row.event_delivery_uuid,
    event_id: row.event_uuid,
    event: row.event,
    build_uuid: row.build_uuid,
    status: row.status,
    attempts: row.attempts,
    created_at: row.created_on.toISOString(),
    last_attempt_at: row.attempted_on?.toISOString() ?? null,
    next_attempt_at: row.due_on?.toISOString() ?? null,
    delivered_at: row.delivered_on?.toISOString() ?? null,
    response_status: row.response_status,
    error: row.error,
  }
}
