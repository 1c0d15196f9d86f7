import { randomHex } from '@workers-builds/store/testing'

export type PushOptions = {
  repo_id: number
  /** What the repository is called: `owner/name`. */
  full_name?: string
  ref?: string
  before?: string
  after?: string
  deleted?: boolean
  /** Seconds since the epoch. */
  pushed_at?: number
  forced?: boolean
  message?: string
  /** What each commit changed; the last is the head. */
  commits?: { added?: string[]; modified?: string[]; removed?: string[] }[]
}

/** The body of a push event, as GitHub sends it (the fields we do not read left out). */
export function pushBody(options: PushOptions): string {
  const after = options.after ?? randomHex(40)
  const commit = {
    id: after,
    message: options.message ?? 'Change a thing',
    author: { name: 'Ada', username: 'ada' },
  }
  return JSON.stringify({
    ref: options.ref ?? 'refs/heads/main',
    before: options.before ?? randomHex(40),
    after,
    created: false,
    deleted: options.deleted ?? false,
    forced: options.forced ?? false,
    commits: (options.commits ?? []).map((files) => ({ ...commit, ...files })),
    head_commit: options.deleted ? null : commit,
    repository: {
      id: options.repo_id,
      ...(options.full_name !== undefined && { full_name: options.full_name }),
      pushed_at: options.pushed_at ?? Math.floor(Date.now() / 1000),
    },
    sender: { login: 'ada' },
  })
}

/** A delivery as GitHub makes it: signed, with its headers. */
export async function delivery(
  body: string,
  {
    secret,
    event = 'push',
    delivery_id = crypto.randomUUID(),
  }: { secret: string; event?: string; delivery_id?: string },
): Promise<RequestInit> {
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': delivery_id,
      'x-hub-signature-256': await sign(body, secret),
    },
  }
}

async function sign(body: string, secret: string): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign'])
  const signature = await crypto.subtle.sign('HMAC', key, bytes(body))
  return `sha256=${Buffer.from(signature).toString('hex')}`
}
