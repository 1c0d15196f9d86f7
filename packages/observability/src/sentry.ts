/** Reports errors that nobody foresaw to Sentry, where the secret SENTRY_DSN says so. */
import { env } from 'cloudflare:workers'
import {
  type CloudflareOptions,
  captureException,
  dedupeIntegration,
  instrumentDurableObjectWithSentry,
  linkedErrorsIntegration,
  withSentry,
} from '@sentry/cloudflare'
import { errorFields, type LogTags, logger } from '@workers-builds/logging'
import { scrubEvent } from './scrub-event.ts'

type SentryEnv = { SENTRY_DSN?: string; GIT_TAG: string; ENVIRONMENT: string }

// An isolate's environment never changes. Without a DSN nothing is wrapped, so that it costs nothing.
const { SENTRY_DSN, GIT_TAG, ENVIRONMENT } = env as unknown as SentryEnv
const isOn = SENTRY_DSN !== undefined && SENTRY_DSN !== ''

/** Whatever an integration could collect beside the error. */
const NOTHING: CloudflareOptions['dataCollection'] = {
  userInfo: false,
  cookies: false,
  httpHeaders: false,
  httpBodies: [],
  urlQueryParams: false,
  databaseQueryData: false,
  queues: false,
  stackFrameVariables: false,
  frameContextLines: 0,
}

const options = (): CloudflareOptions => ({
  ...(isOn && { dsn: SENTRY_DSN }),
  release: GIT_TAG,
  environment: ENVIRONMENT,
  dataCollection: NOTHING,
  // Errors only: spans and breadcrumbs would carry addresses, queries and log lines.
  defaultIntegrations: false,
  integrations: [dedupeIntegration(), linkedErrorsIntegration()],
  tracesSampleRate: 0,
  // No header of ours goes to GitHub, or to anybody else.
  tracePropagationTargets: [],
  maxBreadcrumbs: 0,
  beforeBreadcrumb: () => null,
  beforeSendTransaction: () => null,
  beforeSend: scrubEvent,
})

/** Reports what a Worker's handlers throw. */
export function observeWorker<Handler extends object>(handler: Handler): Handler {
  return isOn ? (withSentry(options, handler as ExportedHandler) as Handler) : handler
}

/** Reports what a WorkerEntrypoint's methods throw. */
export function observeEntrypoint<Class extends new (ctx: ExecutionContext, env: never) => object>(
  entrypoint: Class,
): Class {
  return isOn ? (withSentry(options, entrypoint as never) as Class) : entrypoint
}

/** Reports what a Durable Object's methods, alarm and sockets throw. */
export function observeDurableObject<
  Class extends new (
    ctx: DurableObjectState,
    env: never,
  ) => object,
>(durableObject: Class): Class {
  return isOn
    ? (instrumentDurableObjectWithSentry(options, durableObject as never) as Class)
    : durableObject
}

const REPORTED_TAGS = ['source', 'request_id', 'build_id', 'build_uuid'] as const

/**
 * Reports an unexpected error that was caught: a line in our logs, and Sentry. `what`
 * says what failed. Errors that are a caller's, or that pass by themselves, are only logged.
 */
export function reportError(error: unknown, what: string, tags: Partial<LogTags> = {}): void {
  const tagged = logger.withTags(tags)
  tagged.withFields(errorFields(error)).error(what)
  if (!isOn) return
  const all = { ...tagged.getTags(), ...tags }
  const reported = Object.fromEntries(REPORTED_TAGS.map((tag) => [tag, all[tag]]))
  captureException(error, { tags: { ...reported, what } })
}
