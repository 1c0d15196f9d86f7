/** Applies a change to the variables of a trigger. Pure. */
import {
  type EnvironmentVariables,
  type FieldError,
  MAX_VARIABLES,
  type UpdateEnvironmentVariables,
} from '@workers-builds/contracts'
import type { StoredVariable } from '@workers-builds/store'
import { invalidRequest } from '../validation/refuse-invalid.ts'

/**
 * The variables to store and those to remove. A secret with the value null stays as it is, so that
 * what was read can be sent back. Throws invalid_request for a value that is missing, and for more
 * variables than a trigger may have.
 */
export function mergeVariables({
  current,
  change,
  sealed,
}: {
  current: EnvironmentVariables
  change: UpdateEnvironmentVariables
  /** The sealed values of the secrets among `change`. */
  sealed: ReadonlyMap<string, string>
}): { upserts: StoredVariable[]; removals: string[] } {
  const upserts: StoredVariable[] = []
  const removals: string[] = []
  const missing: FieldError[] = []
  for (const [key, variable] of Object.entries(change)) {
    const value_sealed = sealed.get(key)
    if (variable === null) {
      removals.push(key)
    } else if (variable.is_secret && value_sealed !== undefined) {
      upserts.push({ key, is_secret: true, value: null, value_sealed })
    } else if (!variable.is_secret && variable.value !== null) {
      upserts.push({ key, is_secret: false, value: variable.value, value_sealed: null })
    } else if (!(variable.is_secret && current[key]?.is_secret)) {
      missing.push(missingValue(key))
    }
  }
  if (missing.length > 0) throw invalidRequest(missing)
  const names = new Set([...Object.keys(current), ...upserts.map((variable) => variable.key)])
  for (const key of removals) names.delete(key)
  if (names.size > MAX_VARIABLES) throw invalidRequest([tooMany(names.size)])
  return { upserts, removals }
}

function missingValue(key: string): FieldError {
  return {
    message: `Invalid request body: ${key}.value=null: expected a string; to remove a variable send ${key}: null`,
    path: [key, 'value'],
    expected: 'string',
    got: 'null',
    source: { pointer: `/${key}/value` },
  }
}

function tooMany(count: number): FieldError {
  return {
    message: `Invalid request body: a trigger has at most ${MAX_VARIABLES} variables, and would have ${count}`,
    path: [],
    expected: `at most ${MAX_VARIABLES} variables`,
    got: `${count} variables`,
    source: { pointer: '' },
  }
}
