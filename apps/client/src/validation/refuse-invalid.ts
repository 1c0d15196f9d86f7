import { BuildsError, type FieldError } from '@workers-builds/contracts'
import type { Context, ValidationTargets } from 'hono'
import type { z } from 'zod'
import { type Checked, fieldErrors } from './field-errors.ts'

type Result = { target: keyof ValidationTargets; data?: unknown } & (
  | { success: true }
  | { success: false; error: z.ZodError }
)

/**
 * Refuses a request that does not fit its operation: a path that names nothing is not found; of the
 * query and the body every wrong field is listed. `body` is what the body should be.
 */
export function refuseInvalid({ body }: { body?: z.ZodType | undefined } = {}) {
  return (result: Result, c: Context): void => {
    if (result.success) return
    const { issues } = result.error
    if (result.target === 'param') {
      const [{ path, message } = { path: [], message: '' }] = issues
      const name = String(path[0])
      throw new BuildsError('not_found', `Not found: ${name} ${c.req.param(name)}: ${message}`)
    }
    const checked: Checked =
      result.target === 'json'
        ? { place: 'body', value: result.data, schema: body }
        : { place: 'query', value: result.data }
    throw invalidRequest(fieldErrors(issues, checked))
  }
}

/** The error that lists these fields. */
export function invalidRequest(fields: FieldError[]): BuildsError {
  return new BuildsError('invalid_request', fields[0]?.message ?? 'Invalid request', { fields })
}
