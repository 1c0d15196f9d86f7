/** GitLab's API at the network edge: projects, and OAuth tokens whose refresh tokens rotate. */
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { HostedCommit, HostedRepository } from './fake-repository.ts'

const Refresh = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.string(),
  refresh_token: z.string(),
})

const TOKEN_SECONDS = 7_200

export type GitLabStatus = {
  sha: string
  state: string
  name: string
  ref?: string
  target_url?: string
  description?: string
}

export type FakeGitLab = {
  fetch(request: Request): Promise<Response>
  requests: string[]
  statuses: GitLabStatus[]
  /** A new grant, as when a person has allowed the application. */
  grant(): { access_token: string; refresh_token: string }
  /** Ends an access token before its time. */
  expire(access_token: string): void
  /** How often tokens were refreshed. */
  refreshes: number
}

export function fakeGitLab({
  repositories,
  application,
  now = () => new Date(),
}: {
  repositories: HostedRepository[]
  application: { client_id: string; client_secret: string }
  now?: () => Date
}): FakeGitLab {
  const access = new Map<string, number>()
  const refresh = new Set<string>()
  const requests: string[] = []
  const statuses: GitLabStatus[] = []

  function grant() {
    const [access_token, refresh_token] = [crypto.randomUUID(), crypto.randomUUID()]
    access.set(access_token, now().getTime() + TOKEN_SECONDS * 1_000)
    refresh.add(refresh_token)
    return { access_token, refresh_token }
  }

  const isKnown = (c: Context) => {
    const [, token = ''] = /^Bearer +(\S+)$/.exec(c.req.header('authorization') ?? '') ?? []
    return (access.get(token) ?? 0) > now().getTime()
  }
  const project = (c: Context) => repositories.find(({ id }) => String(id) === c.req.param('id'))
  const notFound = (c: Context, what: string) => c.json({ message: `404 ${what} Not Found` }, 404)

  const api = new Hono()
    .use(async (c, next) => {
      requests.push(`${c.req.method} ${c.req.path}`)
      await next()
    })
    .post('/oauth/token', async (c) => {
      const body = Refresh.safeParse(await c.req.json().catch(() => undefined))
      if (!body.success) return c.json({ error: 'invalid_request' }, 400)
      const { client_id, client_secret, grant_type, refresh_token } = body.data
      const known =
        client_id === application.client_id && client_secret === application.client_secret
      if (!known) return c.json({ error: 'invalid_client' }, 401)
      // A refresh token is good for one refresh.
      if (grant_type !== 'refresh_token' || !refresh.delete(refresh_token)) {
        return c.json({ error: 'invalid_grant' }, 400)
      }
      fake.refreshes += 1
      return c.json({ ...grant(), token_type: 'Bearer', expires_in: TOKEN_SECONDS })
    })
    .use('/api/v4/*', async (c, next) => {
      if (!isKnown(c)) return c.json({ message: '401 Unauthorized' }, 401)
      return await next()
    })
    .get('/api/v4/projects/:id', (c) =>
      project(c) ? c.json({ id: project(c)?.id }) : notFound(c, 'Project'),
    )
    .get('/api/v4/projects/:id/repository/branches/:branch', async (c) => {
      const found = project(c)
      if (!found) return notFound(c, 'Project')
      const commit = await found.branch(c.req.param('branch'))
      return commit ? c.json({ commit: describeCommit(commit) }) : notFound(c, 'Branch')
    })
    .get('/api/v4/projects/:id/repository/commits/:ref', async (c) => {
      const commit = await project(c)?.commit(c.req.param('ref'))
      return commit ? c.json(describeCommit(commit)) : notFound(c, 'Commit')
    })
    .get('/api/v4/projects/:id/repository/files/:path/raw', async (c) => {
      const file = await project(c)?.file(c.req.query('ref') ?? '', c.req.param('path'))
      return file === undefined ? notFound(c, 'File') : c.text(file)
    })
    .get('/api/v4/projects/:id/repository/tree', async (c) => {
      const entries = await project(c)?.folder(c.req.query('ref') ?? '', c.req.query('path') ?? '')
      if (!entries) return notFound(c, 'Tree')
      return c.json(entries.map(({ name, isFile }) => ({ name, type: isFile ? 'blob' : 'tree' })))
    })
    .post('/api/v4/projects/:id/statuses/:sha', async (c) => {
      if (!project(c)) return notFound(c, 'Project')
      const body: Omit<GitLabStatus, 'sha'> = await c.req.json()
      if (
        !['pending', 'running', 'success', 'failed', 'canceled', 'skipped'].includes(body.state)
      ) {
        return c.json({ message: { state: ['is invalid'] } }, 400)
      }
      const sha = c.req.param('sha')
      if (!(await project(c)?.commit(sha))) return notFound(c, 'Commit')
      const last = statuses.findLast((status) => status.sha === sha && status.name === body.name)
      if (last?.state === body.state) {
        const event = body.state === 'running' ? 'run' : body.state
        const message = `Cannot transition status via :${event} from :${body.state}`
        return c.json({ message: { state: [message] } }, 400)
      }
      statuses.push({ sha, ...body })
      return c.json({ id: statuses.length }, 201)
    })

  const fake: FakeGitLab = {
    fetch: async (request) => await api.fetch(request),
    requests,
    statuses,
    grant,
    expire: (access_token) => void access.delete(access_token),
    refreshes: 0,
  }
  return fake
}

function describeCommit({ commit_hash, commit_message, author }: HostedCommit) {
  return { id: commit_hash, message: commit_message, author_name: author }
}
