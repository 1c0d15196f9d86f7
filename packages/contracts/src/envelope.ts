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

/** An answer that failed. `request_id` is in our logs, and in the X-Request-Id header. */
export const V4Failure = z
  .object({
    success: z.literal(false),
    errors: z.array(V4Error).min(1),
    messages: z.array(z.unknown()),
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
    messages: z.array(z.unknown()),
    result,
    result_info: ResultInfo.optional(),
  })
}

/** An answer that succeeded. */
export function v4Success<Result>(result: Result, result_info?: ResultInfo) {
  return {
    success: true as const,
    errors: [],
    messages: [],
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
