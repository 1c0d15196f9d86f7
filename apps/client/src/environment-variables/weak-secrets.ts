/** Warns of secrets that masking in logs cannot serve well. Pure. */
import {
  type UpdateEnvironmentVariables,
  type V4Message,
  v4Message,
} from '@workers-builds/contracts'

/** Shorter values are not masked at all. */
const SHORTEST_MASKED = 4

/** Words that stand in most logs: masked, they hide what the log says. */
const COMMON = new Set(
  `true false null none undefined enabled disabled default yes no on off
  main master production preview staging development test local
  build deploy install start error warning failed success info debug
  node npm pnpm yarn bun wrangler vite cloudflare worker workers github gitlab https http localhost
  admin root user username password secret token test1234 changeme example`.split(/\s+/),
)

/** A warning for each secret of `change` whose value is too short to be masked, or a common word. */
export function weakSecretWarnings(change: UpdateEnvironmentVariables): V4Message[] {
  return Object.entries(change).flatMap(([key, variable]) => {
    if (!variable?.is_secret || variable.value === null) return []
    const value = variable.value.trim()
    if ([...value].length < SHORTEST_MASKED) {
      return [
        v4Message(
          'weak_secret',
          `The secret ${key} has fewer than ${SHORTEST_MASKED} characters: it is not masked in logs. If it is no secret, save it with is_secret false; otherwise use a longer value.`,
        ),
      ]
    }
    if (COMMON.has(value.toLowerCase()) || /^\d{4}$/.test(value)) {
      return [
        v4Message(
          'weak_secret',
          `The secret ${key} is a common word or number: masking it hides that text wherever it stands in logs. If it is no secret, save it with is_secret false; otherwise use a value that is no word.`,
        ),
      ]
    }
    return []
  })
}
