import { randomHex } from '@workers-builds/store/testing'

export type GitLabPush = {
  project_id: number
  ref?: string
  before?: string
  after?: string
  message?: string
  total_commits_count?: number
  added?: string[]
  push_options?: object
}

/** The body of a push hook, in the shape that GitLab documents. */
export function gitLabPush(options: GitLabPush): string {
  const after = options.after ?? randomHex(40)
  const project = {
    id: options.project_id,
    name: 'Shop',
    web_url: 'https://gitlab.example/group/sub/shop',
    namespace: 'Sub',
    path_with_namespace: 'group/sub/shop',
    default_branch: 'main',
  }
  const commits = [
    {
      id: after,
      message: options.message ?? 'Change a thing',
      title: 'Change a thing',
      timestamp: '2026-01-03T23:36:29+02:00',
      author: { name: 'Ada', email: 'ada@mail.example' },
      added: options.added ?? ['CHANGELOG'],
      modified: [],
      removed: [],
    },
  ]
  return JSON.stringify({
    object_kind: 'push',
    event_name: 'push',
    before: options.before ?? randomHex(40),
    after,
    ref: options.ref ?? 'refs/heads/main',
    ref_protected: true,
    checkout_sha: after,
    user_id: 4,
    user_name: 'Ada',
    user_username: 'ada',
    user_email: '',
    project_id: options.project_id,
    project,
    commits: /^0+$/.test(after) ? [] : commits,
    total_commits_count: options.total_commits_count ?? 1,
    push_options: options.push_options ?? {},
    repository: { name: 'Shop', url: 'git@gitlab.example:group/sub/shop.git' },
  })
}

/** The headers of a hook with a secret token. */
export function tokenHeaders(token: string, event_uuid: string = crypto.randomUUID()) {
  return {
    'content-type': 'application/json',
    'x-gitlab-event': 'Push Hook',
    'x-gitlab-event-uuid': event_uuid,
    'x-gitlab-token': token,
  }
}

/** The headers of a hook with a signing token, as Standard Webhooks has it. */
export async function signedHeaders(
  body: string,
  {
    signing_token,
    id = crypto.randomUUID(),
    signed_on = new Date(),
  }: { signing_token: string; id?: string; signed_on?: Date },
) {
  const timestamp = String(Math.floor(signed_on.getTime() / 1_000))
  const raw = Buffer.from(signing_token.replace('whsec_', ''), 'base64')
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['sign'])
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  const signature = Buffer.from(await crypto.subtle.sign('HMAC', key, content)).toString('base64')
  return {
    'content-type': 'application/json',
    'x-gitlab-event': 'Push Hook',
    'idempotency-key': id,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}
