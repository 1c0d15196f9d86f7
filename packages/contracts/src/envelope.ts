/** Cloudflare's v4 envelope, as Workers Builds answers. */
import { z } from 'zod'
import { type BuildsError, ERROR_CODES } from './errors.ts'

export const ResultInfo = z.object({
  page: z.int(),
  per_page: z.int(),
  count: z.int(),
  total_count: z.int(),
  total_pages: z.int(),
  next_page: z.boolean(),
})
export type ResultInfo = z.infer<typeof ResultInfo>

/** One reason why a request was refused. `code`, `message`, `documentation_url` and `source` as in
 * Cloudflare's API; what a field was expected to be, and what was received, are fields of our own. */
export const V4Error = z
  .object({
    code: z.int(),
    message: z.string(),
    documentation_url: z.url().optional(),
    source: z
      .object({ pointer: z.string().optional(), parameter: z.string().optional() })
      .optional(),
    path: z.array(z.union([z.string(), z.int()])).optional(),
    expected: z.string().optional(),
    got: z.string().optional(),
  })
  .meta({ id: 'Error' })
export type V4Error = z.infer<typeof V4Error>

/** What else a successful answer has to say: a numeric code of each kind. */
export const MESSAGE_CODES = {
  /** A secret's value is too short or too common to be masked well in logs. */
  weak_secret: 12101,
  /** A page ends early, since its entries are large. */
  page_ends_early: 12102,
  /** Why a build has no explanation, or none yet. */
  no_explanation: 12103,
  /** Something in a build that is worth a look although it did not fail. */
  build_warning: 12104,
} as const

/** A note or a warning beside a result. `message` names the value and says what to do. */
export const V4Message = z.object({ code: z.int(), message: z.string() }).meta({ id: 'Message' })
export type V4Message = z.infer<typeof V4Message>

/** The note of this kind. */
export function v4Message(kind: keyof typeof MESSAGE_CODES, message: string): V4Message {
  return { code: MESSAGE_CODES[kind], message }
}

/** An answer that failed. `request_id` is in our logs, and in the X-Request-Id header. */
export const V4Failure = z
  .object({
    success: z.literal(false),
    errors: z.array(V4Error).min(1),
    messages: z.array(V4Message),
    result: z.unknown(),
    request_id: z.string().optional(),
  })
  .meta({ id: 'Failure' })
export type V4Failure = z.infer<typeof V4Failure>

/** The envelope around a result of the shape `result`. */
export function v4Envelope<Result extends z.ZodType>(result: Result) {
  return z.object({
    success: z.literal(true),
    errors: z.array(z.unknown()).max(0),
    messages: z.array(V4Message),
    result,
    result_info: ResultInfo.optional(),
  })
}

/** An answer that succeeded. */
export function v4Success<Result>(
  result: Result,
  { result_info, messages = [] }: { result_info?: ResultInfo; messages?: V4Message[] } = {},
) {
  return {
    success: true as const,
    errors: [],
    messages,
    result,
    ...(result_info && { result_info }),
  }
}

/** An answer that failed, with as much as the caller may know. */
export function v4Failure(
  error: Pick<BuildsError, 'code' | 'message'> & Partial<Pick<BuildsError, 'result' | 'fields'>>,
  { documentationUrl, requestId }: { documentationUrl?: string; requestId?: string } = {},
): V4Failure {
  const code = ERROR_CODES[error.code].api_code
  const reasons = error.fields?.length ? error.fields : [{ message: error.message }]
  return {
    success: false,
    errors: reasons.map((reason) => ({
      code,
      ...reason,
      ...(documentationUrl && { documentation_url: `${documentationUrl}#${error.code}` }),
    })),
    messages: [],
    result: error.result ?? null,
    ...(requestId && { request_id: requestId }),
  }
}
