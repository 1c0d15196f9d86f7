/** Requests to a provider's API, and what its refusals mean to us. */
import { BuildsError } from '@workers-builds/contracts'
import type { z } from 'zod'

const TIMEOUT_MS = 10_000
/** More than any file that we look into; a bigger one is not read. */
export const MOST_BYTES = 1024 * 1024

export type Fetch = (request: Request) => Promise<Response>

/** How to ask one provider. */
export type Api = {
  /** For messages: `GitHub`, `GitLab`. */
  provider: string
  base_url: string
  fetch: Fetch
  headers: Record<string, string>
}

export type Call = { path: string; method?: string; body?: unknown; accept?: string }

/** The answer to a request, whatever its status; throws `unavailable` when there is none. */
export async function call(api: Api, { path, method = 'GET', body, accept }: Call) {
  const headers = new Headers(api.headers)
  headers.set('user-agent', 'workers-builds')
  if (accept !== undefined) headers.set('accept', accept)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const request = new Request(`${api.base_url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  try {
    return await api.fetch(request)
  } catch (cause) {
    throw new BuildsError('unavailable', `${api.provider} does not answer; try again shortly.`, {
      cause,
    })
  }
}

/** The JSON of an answer that succeeded, as `schema` has it. */
export async function readJson<Schema extends z.ZodType>(
  api: Api,
  response: Response,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  throw new BuildsError('unavailable', `${api.provider} answered in a form that is not known.`, {
    cause: parsed.error,
  })
}

/** The text of an answer; undefined when it is longer than we read. */
export async function readText(response: Response): Promise<string | undefined> {
  const announced = Number(response.headers.get('content-length') ?? 0)
  if (announced > MOST_BYTES) {
    await response.body?.cancel()
    return undefined
  }
  const text = await response.text()
  return text.length > MOST_BYTES ? undefined : text
}

/** Whether a rate limit is reached; GitHub answers 403, with a time to wait or no requests remaining. */
export function isLimited({ status, headers }: Response): boolean {
  const isExhausted = headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after')
  return status === 429 || (status === 403 && isExhausted)
}

/**
 * What an answer that did not succeed means: overload and faults pass, a refusal of who we are or
 * of the repository as a whole does not. `missing` says what was asked for inside the repository.
 */
export function refusal(
  api: Api,
  response: Response,
  {
    repository,
    missing,
    what = 'read',
  }: {
    repository: string
    missing?: string
    /** What was to be done with the repository. */
    what?: 'read' | 'report a build to'
  },
): BuildsError {
  const { status } = response
  const limited = isLimited(response)
  if (limited || status >= 500) {
    const why = limited ? 'limits our requests for now' : `answered ${status}`
    return new BuildsError('unavailable', `${api.provider} ${why}; try again shortly.`)
  }
  if (missing !== undefined && (status === 404 || status === 422)) {
    return new BuildsError('not_found', `Not found: ${missing} in ${repository}`)
  }
  return new BuildsError(
    'repo_disconnected',
    `${api.provider} does not let us ${what} ${repository} (${status}): connect the repository again.`,
  )
}
