import { WorkersLogger } from 'workers-tagged-logger'

export { useWorkersLogger, withLogTags } from 'workers-tagged-logger'

/**
 * Tags that a line of our own logs can carry. A secret, a log line of a build, or anything else a
 * user wrote is never one of them.
 */
export type LogTags = {
  /** The Worker or Durable Object that speaks. */
  source: string
  /** Version of the deployed code. */
  release: string
  environment: string
  request_id: string
  account_id: string
  build_id: number
  build_uuid: string
}

/** Structured JSON on the console, where Workers Logs reads it. */
export const logger = new WorkersLogger<LogTags>()

/**
 * An error as fields of a log line: `logger.withFields(errorFields(error)).error('what failed')`.
 * Our own errors hold nothing that a user wrote, and no secret.
 */
export function errorFields(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { error_message: String(error) }
  return {
    error_name: error.name,
    error_message: error.message,
    error_stack: error.stack ?? '',
    ...('code' in error && { error_code: String(error.code) }),
    ...(error.cause instanceof Error && { error_cause: error.cause.message }),
  }
}
