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

/** The envelope around a result of the shape `result`. */
export function v4Envelope<Result extends z.ZodType>(result: Result) {
  return z.object({
    success: z.literal(true),
    errors: z.tuple([]),
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
export function v4Failure(error: Pick<BuildsError, 'code' | 'message'> & { result?: unknown }) {
  return {
    success: false as const,
    errors: [{ code: ERROR_CODES[error.code].api_code, message: error.message }],
    messages: [],
    result: error.result ?? null,
  }
}
