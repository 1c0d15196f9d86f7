/** Decides what of an error is sent to Sentry: only what is known to be harmless. */
import type { ErrorEvent, EventHint, StackFrame } from '@sentry/cloudflare'
import { isBuildsError } from '@workers-builds/contracts'

/** What engine and runtime say of a bug, in words that hold nothing of a user's. */
const HARMLESS_MESSAGES = [
  /^Cannot (?:read|set) properties of (?:null|undefined)/,
  /^[\w$.]{1,100} is not (?:a function|defined|iterable|a constructor)/,
  /^Maximum call stack size exceeded/,
  /^(?:Network connection lost|The Workers runtime canceled this request)/,
  /^(?:Durable Object|Worker) (?:is overloaded|exceeded its|storage operation exceeded)[\w ,.]*/,
  /^internal error; reference = \w+/,
]
/** A message of which nothing may leave. */
export const UNSENT = '(not sent: it may hold what a user wrote)'

/**
 * The event that is sent in place of `event`: which error, thrown where, by which release, for
 * which build and request. Null for an error that is an answer rather than a fault of ours, and for
 * one that came from another Worker or Durable Object, which reports it itself.
 */
export function scrubEvent(event: ErrorEvent, hint: EventHint): ErrorEvent | null {
  const thrown = hint.originalException
  if (isBuildsError(thrown) && thrown.status < 500) return null
  if (thrown instanceof Error && 'remote' in thrown && thrown.remote === true) return null
  const { event_id, timestamp, platform, level, release, environment, sdk } = event
  const harmless = ownMessages(thrown)
  return {
    type: undefined,
    ...defined({ event_id, timestamp, platform, level, release, environment, sdk }),
    tags: { ...event.tags, ...codeOf(thrown) },
    ...(event.contexts?.trace && { contexts: { trace: event.contexts.trace } }),
    exception: {
      values: (event.exception?.values ?? []).map(({ type, value, mechanism, stacktrace }) => ({
        ...defined({ type }),
        value: harmlessPart(value ?? '', harmless),
        ...(mechanism && {
          mechanism: { type: mechanism.type, handled: mechanism.handled ?? true },
        }),
        ...(stacktrace?.frames && { stacktrace: { frames: stacktrace.frames.map(place) } }),
      })),
    },
  }
}

/** The code of a PostgresError or a system's error; `42P01` says more than the type. */
function codeOf(thrown: unknown): { error_code?: string } {
  if (!(thrown instanceof Error) || !('code' in thrown)) return {}
  return /^\w{1,40}$/.test(String(thrown.code)) ? { error_code: String(thrown.code) } : {}
}

/** Messages of our own errors, in the chain of causes: they are written to be read. */
function ownMessages(thrown: unknown): Set<string> {
  const messages = new Set<string>()
  for (let error = thrown, depth = 0; error instanceof Error && depth < 10; depth++) {
    if (isBuildsError(error)) messages.add(error.message)
    error = error.cause
  }
  return messages
}

function harmlessPart(message: string, harmless: Set<string>): string {
  if (harmless.has(message)) return message
  const known = HARMLESS_MESSAGES.map((pattern) => pattern.exec(message)).find((match) => match)
  return known ? known[0] : UNSENT
}

/** Where in our code, without the lines around it and without values. */
function place({ filename, function: name, lineno, colno, in_app }: StackFrame): StackFrame {
  return defined({ filename, function: name, lineno, colno, in_app })
}

/** Without the fields that are undefined. */
function defined<Fields extends object>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Field in keyof Fields]: Exclude<Fields[Field], undefined>
  }
}
