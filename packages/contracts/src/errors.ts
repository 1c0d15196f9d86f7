/** The one error class, and what each of its codes means to a caller of the API. */

/** HTTP status and Workers Builds' numeric code of every error that a caller can get. */
export const ERROR_CODES = {
  invalid_request: { status: 400, api_code: 12002 },
  missing_token: { status: 401, api_code: 12005 },
  invalid_token: { status: 401, api_code: 10000 },
  forbidden: { status: 403, api_code: 10000 },
  not_found: { status: 404, api_code: 12000 },
  method_not_allowed: { status: 405, api_code: 10405 },
  no_build_configuration: { status: 404, api_code: 12040 },
  /** The trigger for other branches builds only some of them. */
  legacy_preview_trigger: { status: 400, api_code: 12048 },
  conflict: { status: 409, api_code: 12049 },
  /** The Git provider refuses access to the repository. */
  repo_disconnected: { status: 409, api_code: 8000008 },
  log_gap: { status: 409, api_code: 12049 },
  log_closed: { status: 409, api_code: 12049 },
  build_stopped: { status: 409, api_code: 12049 },
  build_not_started: { status: 409, api_code: 12049 },
  log_removed: { status: 410, api_code: 12000 },
  body_too_large: { status: 413, api_code: 12002 },
  unsupported_media_type: { status: 415, api_code: 12002 },
  upgrade_required: { status: 426, api_code: 12002 },
  rate_limited: { status: 429, api_code: 12051 },
  too_many_viewers: { status: 429, api_code: 12051 },
  internal_error: { status: 500, api_code: 10001 },
  unavailable: { status: 503, api_code: 10001 },
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** One field of a request that is wrong. `got` never holds a secret, nor more than a few words. */
export type FieldError = {
  message: string
  path: (string | number)[]
  expected: string
  got: string
  /** Its place: a JSON pointer into the body, or a parameter of the query. */
  source: { pointer: string } | { parameter: string }
}

/**
 * An error that its receiver may read. `message` says what was wrong, with which value, and what
 * to do; details for the logs go into `cause`. Across RPC the class is lost: recognize it with
 * `isBuildsError`.
 */
export class BuildsError extends Error {
  override readonly name = 'BuildsError'
  readonly code: ErrorCode
  readonly status: number
  /** Returned to the caller beside the message. */
  readonly result: Record<string, unknown> | null
  /** What is wrong with the request, field by field, where that is known. */
  readonly fields: FieldError[]
  /** When the caller may try again: the Retry-After header. */
  readonly retryAfterSeconds: number | null

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & {
      result?: Record<string, unknown>
      fields?: FieldError[]
      retryAfterSeconds?: number
    } = {},
  ) {
    super(message, options)
    this.code = code
    this.status = ERROR_CODES[code].status
    this.result = options.result ?? null
    this.fields = options.fields ?? []
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

/** Whether `error` is a BuildsError, thrown here or on the other side of an RPC. */
export function isBuildsError(error: unknown): error is BuildsError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    Object.hasOwn(ERROR_CODES, error.code)
  )
}
