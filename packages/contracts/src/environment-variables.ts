/** The variables that a trigger's builds run with. */
import { z } from 'zod'
import { IsoDate, sentBack } from './fields.ts'

/** Most variables of one trigger, and the longest value. */
export const MAX_VARIABLES = 64
export const MAX_VARIABLE_LENGTH = 5_000

const EnvironmentVariable = z.object({
  is_secret: z.boolean(),
  created_on: IsoDate,
  value: z.string().nullable(),
})

/** Variables by name; the value of a secret is never returned. */
export const EnvironmentVariables = z.record(z.string(), EnvironmentVariable)
export type EnvironmentVariables = z.infer<typeof EnvironmentVariables>

export const VariableKey = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected letters, digits and _, no digit first')

/**
 * `PATCH …/environment_variables`: these are added to the existing ones, or replace them; null
 * removes one. A secret with the value null, as it is read back, stays as it is.
 */
export const UpdateEnvironmentVariables = z
  .record(
    VariableKey,
    sentBack(
      z.object({ is_secret: z.boolean(), value: z.string().max(MAX_VARIABLE_LENGTH).nullable() }),
      EnvironmentVariable,
    ).nullable(),
  )
  .refine((variables) => Object.keys(variables).length <= MAX_VARIABLES, {
    error: `at most ${MAX_VARIABLES} variables`,
  })
  .meta({ id: 'UpdateEnvironmentVariables' })
export type UpdateEnvironmentVariables = z.infer<typeof UpdateEnvironmentVariables>
