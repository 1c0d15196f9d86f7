/** The public API, as any other client uses it. Types are those that the OpenAPI document is made of. */
import type { ResultInfo, Session, V4Error } from '@workers-builds/contracts'

export type Envelope<Result> = {
  success: boolean
  result: Result
  errors: V4Error[]
  result_info?: ResultInfo
}

/** What the API answered instead of a result. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly errors: V4Error[]

  constructor(status: number, errors: V4Error[]) {
    super(errors[0]?.message ?? `The server answered ${status}`)
    this.status = status
    this.errors = errors
  }
}

const PREFIX = '/client/v4'
let csrfToken: string | null = null

/** Calls `path` below /client/v4. Throws ApiError when the API refuses, TypeError without connection. */
export async function call<Result>(
  path: string,
  { method = 'GET', body, signal }: { method?: string; body?: object; signal?: AbortSignal } = {},
): Promise<Result> {
  const response = await fetch(PREFIX + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(csrfToken !== null && { 'x-csrf-token': csrfToken }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  })
  const envelope: Envelope<Result> | undefined = await response.json().catch(() => undefined)
  if (!response.ok || envelope === undefined) {
    throw new ApiError(response.status, envelope?.errors ?? [])
  }
  return envelope.result
}

export async function readSession(): Promise<Session> {
  return remember(await call<Session>('/session'))
}

export async function signIn(token: string): Promise<Session> {
  return remember(await call<Session>('/session', { method: 'POST', body: { token } }))
}

export async function signOut(): Promise<void> {
  await call('/session', { method: 'DELETE' })
  csrfToken = null
}

function remember(session: Session): Session {
  csrfToken = session.csrf_token
  return session
}
