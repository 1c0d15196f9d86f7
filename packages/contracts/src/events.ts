/** Build events: what is sent to subscribers, and how they subscribe. */
import { z } from 'zod'
import { DetectedError } from './detection.ts'
import { IsoDate, sentBack } from './fields.ts'
import { AccountId, BuildUuid } from './ids.ts'
import { BuildOutcome, BuildStatus } from './lifecycle.ts'

/** The names of a subscription's `events`; an event's `type` has `cf.workersBuilds.worker.` before. */
export const BuildEventName = z.enum([
  'build.started',
  'build.succeeded',
  'build.failed',
  'build.canceled',
])
export type BuildEventName = z.infer<typeof BuildEventName>

export const BUILD_EVENT_TYPE_PREFIX = 'cf.workersBuilds.worker.'

/** Why a build failed, as far as its log was scanned when the event was sent. */
export const EventRootCause = z.object({
  errorCode: z.string(),
  errorGroup: z.string(),
  cause: z.string(),
  fault: DetectedError.shape.fault,
  step: DetectedError.shape.step,
  title: z.string(),
  fix: z.string().nullable(),
  docsUrl: z.string().nullable(),
  /** Number of the decisive line in the log, counted from 1. */
  lineNumber: z.int().positive().nullable(),
  /** The same line counted from 0. Deprecated: use `lineNumber`. */
  line: z.int().nullable(),
})
export type EventRootCause = z.infer<typeof EventRootCause>

/** An event as it is sent, with the names that Cloudflare's event subscriptions use. */
export const PublishedBuildEvent = z.object({
  type: z.templateLiteral([BUILD_EVENT_TYPE_PREFIX, BuildEventName]),
  source: z.object({ type: z.literal('workersBuilds.worker'), workerName: z.string() }),
  payload: z.object({
    buildUuid: BuildUuid,
    status: BuildStatus,
    buildOutcome: BuildOutcome.nullable(),
    createdAt: IsoDate,
    initializingAt: IsoDate.nullable(),
    runningAt: IsoDate.nullable(),
    stoppedAt: IsoDate.nullable(),
    buildTriggerMetadata: z.object({
      buildTriggerSource: z.string(),
      branch: z.string(),
      commitHash: z.string(),
      commitMessage: z.string(),
      author: z.string(),
      buildCommand: z.string(),
      deployCommand: z.string(),
      rootDirectory: z.string(),
      repoName: z.string(),
      providerAccountName: z.string(),
      providerType: z.string(),
    }),
    /**
     * Not a field of Workers Builds, and only in `build.failed`: null when nothing was detected, or
     * was not scanned in time.
     */
    rootCause: EventRootCause.nullable().optional(),
  }),
  metadata: z.object({
    accountId: AccountId,
    eventSubscriptionId: z.string(),
    eventSchemaVersion: z.literal(1),
    eventTimestamp: IsoDate,
    /** Not a field of Workers Builds: the same in every delivery of an event. */
    eventId: z.uuid(),
    /** Not a field of Workers Builds: a test event, whose build does not exist. */
    test: z.literal(true).optional(),
  }),
})
export type PublishedBuildEvent = z.infer<typeof PublishedBuildEvent>

/** Which Worker's events; every Worker's of the account when `worker_name` is left out. */
const Source = z.strictObject({
  type: z.literal('workersBuilds.worker'),
  worker_name: z.string().min(1).max(255).optional(),
})

const Destination = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('queues.queue'), queue_id: z.string().min(1).max(255) }),
  z.strictObject({ type: z.literal('webhook'), url: z.url().max(2_048) }),
])

const EventNames = z
  .array(BuildEventName)
  .min(1)
  .transform((names) => BuildEventName.options.filter((name) => names.includes(name)))

const SubscriptionName = z.string().trim().min(1).max(100)

/** `POST …/event_subscriptions/subscriptions` */
export const EventSubscriptionInput = z.strictObject({
  name: SubscriptionName,
  enabled: z.boolean().default(true),
  source: Source,
  destination: Destination,
  events: EventNames,
})
export type EventSubscriptionInput = z.infer<typeof EventSubscriptionInput>

export const EventSubscription = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  /** Why it was switched off automatically. */
  disabled_reason: z.string().nullable(),
  /** Since when nothing could be delivered. */
  failing_since: IsoDate.nullable(),
  source: Source,
  destination: Destination,
  events: z.array(BuildEventName),
  created_at: IsoDate,
  modified_at: IsoDate,
})
export type EventSubscription = z.infer<typeof EventSubscription>

/** `PATCH …/event_subscriptions/subscriptions/:subscription_id` */
export const EventSubscriptionPatch = sentBack(
  z.object({
    name: SubscriptionName.optional(),
    enabled: z.boolean().optional(),
    destination: Destination.optional(),
    events: EventNames.optional(),
  }),
  EventSubscription,
)
export type EventSubscriptionPatch = z.infer<typeof EventSubscriptionPatch>

/** With the secret that signs a webhook, returned once, when it is made. */
export const NewEventSubscription = EventSubscription.extend({ secret: z.string().optional() })
export type NewEventSubscription = z.infer<typeof NewEventSubscription>

export const EventDelivery = z.object({
  id: z.uuid(),
  event_id: z.uuid(),
  event: BuildEventName,
  /** Null in a test event. */
  build_uuid: BuildUuid.nullable(),
  status: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.int(),
  created_at: IsoDate,
  last_attempt_at: IsoDate.nullable(),
  next_attempt_at: IsoDate.nullable(),
  delivered_at: IsoDate.nullable(),
  response_status: z.int().nullable(),
  error: z.string().nullable(),
})
export type EventDelivery = z.infer<typeof EventDelivery>
