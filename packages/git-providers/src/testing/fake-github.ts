/**
 * GitHub's REST API at the network edge, as far as a GitHub App uses it here: it takes what GitHub
 * takes and refuses what GitHub refuses, with GitHub's statuses and messages.
 */
import { type Context, Hono } from 'hono'
import { decodeJwt, importSPKI, jwtVerify } from 'jose'
import { z } from 'zod'
import type { HostedCommit, HostedRepository } from './fake-repository.ts'

const MOST_JWT_SECONDS = 600
const TOKEN_LIFE_MS = 60 * 60_000

export type Installation = {
  id: number
  /** Whose repositories these are; `owner` where it is left out. */
  owner?: string
  repository_ids: number[]
  permissions: Record<string, 'read' | 'write'>
  suspended?: boolean
}

export type FakeGitHubOptions = {
  app?: { app_id: string; public_key: string }
  installations?: Installation[]
  /** Tokens that read everything, as a person's own does. */
  tokens?: string[]
  findRepository: (owner: string, name: string) => Promise<HostedRepository | undefined>
  now?: () => Date
}

export type CheckRun = { id: number; repository_id: number } & Omit<
  z.infer<typeof CheckRunBody>,
  'output'
> & { output?: CheckRunOutput | undefined }
type Output = NonNullable<z.infer<typeof CheckRunBody>['output']>
type CheckRunOutput = Output & { annotations: object[]; annotations_count: number }

const TokenBody = z.object({
  repository_ids: z.array(z.int()).optional(),
  /** Names in the installation, without an owner. */
  repositories: z.array(z.string()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
})

const Annotation = z
  .object({
    path: z.string().regex(/^[^/]/),
    start_line: z.int().positive(),
    end_line: z.int().positive(),
    start_column: z.int().positive().optional(),
    end_column: z.int().positive().optional(),
    annotation_level: z.enum(['notice', 'warning', 'failure']),
    message: z.string().min(1).max(65_535),
    title: z.string().max(255).optional(),
  })
  .refine(({ start_line, end_line, start_column }) =>
    start_column === undefined ? end_line >= start_line : end_line === start_line,
  )

const CheckRunBody = z.object({
  name: z.string().min(1),
  head_sha: z.string().regex(/^[0-9a-f]{40}$/),
  external_id: z.string().optional(),
  details_url: z.url().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .optional(),
  output: z
    .object({
      title: z.string(),
      summary: z.string().max(65_535),
      annotations: z.array(Annotation).max(50).optional(),
    })
    .optional(),
})

type Issued = {
  installation_id: number
  repository_ids: number[]
  permissions: object
  until: number
}

export type FakeGitHub = {
  fetch(request: Request): Promise<Response>
  /** `POST /app/installations/7/access_tokens`, in the order they came. */
  requests: string[]
  checkRuns: CheckRun[]
  installations: Installation[]
  /** Whether a clone with this token may read the repository; of none, whether it is a token. */
  mayClone(token: string, repository_id: number | undefined): boolean
}

export function fakeGitHub(options: FakeGitHubOptions): FakeGitHub {
  const { app, installations = [], tokens = [], findRepository, now = () => new Date() } = options
  const issued = new Map<string, Issued>()
  const requests: string[] = []
  const checkRuns: CheckRun[] = []

  const bearer = (c: Context) =>
    /^(?:bearer|token) +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''

  /** Why GitHub would not take the App's JWT; undefined when it does. */
  async function jwtTrouble(jwt: string): Promise<string | undefined> {
    if (app === undefined) return 'Integration not found'
    const seconds = Math.floor(now().getTime() / 1_000)
    try {
      const key = await importSPKI(app.public_key, 'RS256')
      await jwtVerify(jwt, key, { algorithms: ['RS256'], currentDate: now() })
    } catch {
      return 'A JSON web token could not be decoded'
    }
    const { iss, iat, exp } = decodeJwt(jwt)
    if (iss !== app.app_id) return "'Issuer' claim ('iss') must be an Integer"
    if (iat === undefined || iat > seconds) return "'Issued at' claim ('iat') must be in the past"
    if (exp === undefined || exp > seconds + MOST_JWT_SECONDS) {
      return "'Expiration time' claim ('exp') is too far in the future"
    }
    return undefined
  }

  /** Whether the token may do this; otherwise GitHub's status and message. */
  function access(
    token: string,
    repository: HostedRepository,
    [permission, level]: [string, 'read' | 'write'],
  ): { status: 401 | 403 | 404; message: string } | undefined {
    const isPersonal = tokens.includes(token)
    if (isPersonal && permission === 'checks' && level === 'write') {
      return { status: 403, message: 'You must authenticate via a GitHub App.' }
    }
    if (isPersonal) return undefined
    const found = issued.get(token)
    if (!found || found.until < now().getTime()) return { status: 401, message: 'Bad credentials' }
    const installation = installations.find(({ id }) => id === found.installation_id)
    if (!installation || installation.suspended) return { status: 401, message: 'Bad credentials' }
    if (!found.repository_ids.includes(repository.id)) return { status: 404, message: 'Not Found' }
    const held = Object.entries(found.permissions).find(([name]) => name === permission)?.[1]
    const enough = held === 'write' || (held !== undefined && level === 'read')
    return enough ? undefined : { status: 403, message: 'Resource not accessible by integration' }
  }

  /** The repository of the path, if the token may do this to it; otherwise GitHub's refusal. */
  async function open(c: Context, permission: [string, 'read' | 'write']) {
    const repository = await findRepository(c.req.param('owner') ?? '', c.req.param('name') ?? '')
    const known = tokens.includes(bearer(c)) || issued.has(bearer(c))
    const refused = repository && access(bearer(c), repository, permission)
    if (refused) return c.json({ message: refused.message }, refused.status)
    if (!known) return c.json({ message: 'Bad credentials' }, 401)
    return repository ?? c.json({ message: 'Not Found' }, 404)
  }

  const findRun = (c: Context, repository: { id: number }) =>
    checkRuns.find(
      ({ id, repository_id }) =>
        String(id) === c.req.param('id') && repository_id === repository.id,
    )

  const api = new Hono()
    .use(async (c, next) => {
      requests.push(`${c.req.method} ${c.req.path}`)
      await next()
    })
    .get('/repos/:owner/:name/installation', async (c) => {
      const trouble = await jwtTrouble(bearer(c))
      if (trouble) return c.json({ message: trouble }, 401)
      const repository = await findRepository(c.req.param('owner'), c.req.param('name'))
      const found = installations.find(({ repository_ids }) =>
        repository_ids.includes(repository?.id ?? 0),
      )
      if (!found) return c.json({ message: 'Not Found' }, 404)
      return c.json({ id: found.id, suspended_at: found.suspended ? now().toISOString() : null })
    })
    .post('/app/installations/:id/access_tokens', async (c) => {
      const trouble = await jwtTrouble(bearer(c))
      if (trouble) return c.json({ message: trouble }, 401)
      const installation = installations.find(({ id }) => String(id) === c.req.param('id'))
      if (!installation) return c.json({ message: 'Not Found' }, 404)
      if (installation.suspended) {
        return c.json({ message: 'This installation has been suspended' }, 403)
      }
      const body = TokenBody.safeParse(await c.req.json().catch(() => ({})))
      if (!body.success) return c.json({ message: 'Problems parsing JSON' }, 400)
      const { repositories, permissions } = body.data
      const named = await Promise.all(
        (repositories ?? []).map((name) => findRepository(installation.owner ?? 'owner', name)),
      )
      const repository_ids =
        repositories === undefined
          ? (body.data.repository_ids ?? installation.repository_ids)
          : named.map((repository) => repository?.id ?? 0)
      if (!repository_ids.every((id) => installation.repository_ids.includes(id))) {
        const message =
          'There is at least one repository that does not exist or is not accessible to the parent installation.'
        return c.json({ message }, 422)
      }
      const requested = Object.entries(permissions ?? installation.permissions)
      // Every App may read metadata.
      const granted = requested.every(
        ([name, level]) =>
          name === 'metadata' || ['write', level].includes(installation.permissions[name] ?? ''),
      )
      if (!granted) {
        const message = 'The permissions requested are not granted to this installation.'
        return c.json({ message }, 422)
      }
      const token = `ghs_${crypto.randomUUID().replaceAll('-', '')}`
      const until = now().getTime() + TOKEN_LIFE_MS
      issued.set(token, {
        installation_id: installation.id,
        repository_ids,
        permissions: Object.fromEntries(requested),
        until,
      })
      const expires_at = new Date(Math.floor(until / 1_000) * 1_000)
        .toISOString()
        .replace('.000', '')
      return c.json(
        {
          token,
          expires_at,
          permissions: Object.fromEntries(requested),
          repository_selection: 'selected',
          ...(repositories && {
            repositories: named.flatMap((repository) =>
              repository
                ? [{ id: repository.id, full_name: `${repository.owner}/${repository.name}` }]
                : [],
            ),
          }),
        },
        201,
      )
    })
    .get('/repos/:owner/:name/branches/:branch{.+}', async (c) => {
      const repository = await open(c, ['contents', 'read'])
      if (repository instanceof Response) return repository
      const commit = await repository.branch(c.req.param('branch'))
      if (!commit) return c.json({ message: 'Branch not found' }, 404)
      return c.json({ name: c.req.param('branch'), commit: describeCommit(commit) })
    })
    .get('/repos/:owner/:name/commits/:ref', async (c) => {
      const repository = await open(c, ['contents', 'read'])
      if (repository instanceof Response) return repository
      const commit = await repository.commit(c.req.param('ref'))
      const message = `No commit found for SHA: ${c.req.param('ref')}`
      return commit ? c.json(describeCommit(commit)) : c.json({ message }, 422)
    })
    .get('/repos/:owner/:name/contents/:path{.*}', async (c) => {
      const repository = await open(c, ['contents', 'read'])
      if (repository instanceof Response) return repository
      const [path, ref] = [c.req.param('path'), c.req.query('ref') ?? '']
      const commit = (await repository.branch(ref)) ?? (await repository.commit(ref))
      if (!commit) return c.json({ message: `No commit found for the ref ${ref}` }, 404)
      const file = await repository.file(commit.commit_hash, path)
      if (file !== undefined && c.req.header('accept')?.includes('raw')) return c.text(file)
      if (file !== undefined) return c.json({ type: 'file', name: path.split('/').at(-1) })
      const entries = await repository.folder(commit.commit_hash, path)
      if (entries === undefined) return c.json({ message: 'Not Found' }, 404)
      return c.json(entries.map(({ name, isFile }) => ({ name, type: isFile ? 'file' : 'dir' })))
    })
    .get('/repos/:owner/:name/commits/:ref/check-runs', async (c) => {
      const repository = await open(c, ['checks', 'read'])
      if (repository instanceof Response) return repository
      const check_runs = checkRuns.filter(
        ({ head_sha, repository_id }) =>
          head_sha === c.req.param('ref') && repository_id === repository.id,
      )
      return c.json({ total_count: check_runs.length, check_runs })
    })
    .get('/repos/:owner/:name/check-runs/:id', async (c) => {
      const repository = await open(c, ['checks', 'read'])
      if (repository instanceof Response) return repository
      const run = findRun(c, repository)
      return run ? c.json(run) : c.json({ message: 'Not Found' }, 404)
    })
    .on(['POST', 'PATCH'], '/repos/:owner/:name/check-runs/:id?', async (c) => {
      const repository = await open(c, ['checks', 'write'])
      if (repository instanceof Response) return repository
      const body = CheckRunBody.safeParse(await c.req.json().catch(() => ({})))
      if (
        !body.success ||
        (body.data.status === 'completed') !== (body.data.conclusion !== undefined)
      ) {
        return c.json({ message: 'Invalid request.' }, 422)
      }
      if (!(await repository.commit(body.data.head_sha))) {
        return c.json({ message: `No commit found for SHA: ${body.data.head_sha}` }, 422)
      }
      if (c.req.method === 'POST') {
        const run = { id: checkRuns.length + 1, repository_id: repository.id, ...body.data }
        checkRuns.push({ ...run, output: withAnnotations(undefined, body.data.output) })
        return c.json({ id: run.id }, 201)
      }
      const run = findRun(c, repository)
      if (!run) return c.json({ message: 'Not Found' }, 404)
      Object.assign(run, body.data, { output: withAnnotations(run.output, body.data.output) })
      return c.json({ id: run.id })
    })
    .notFound((c) => c.json({ message: 'Not Found' }, 404))

  return {
    fetch: async (request) => await api.fetch(request),
    requests,
    checkRuns,
    installations,
    mayClone(token, repository_id) {
      if (tokens.includes(token)) return true
      const found = issued.get(token)
      return (
        found !== undefined &&
        found.until > now().getTime() &&
        'contents' in found.permissions &&
        (repository_id === undefined || found.repository_ids.includes(repository_id))
      )
    },
  }
}

function describeCommit({ commit_hash, commit_message, author }: HostedCommit) {
  return {
    sha: commit_hash,
    commit: { message: commit_message, author: { name: author } },
    author: null,
  }
}

/** Annotations are added to those that are there; nothing else of an output stays. */
function withAnnotations(
  before: CheckRunOutput | undefined,
  output: Output | undefined,
): CheckRunOutput | undefined {
  if (output === undefined) return before
  const annotations = [...(before?.annotations ?? []), ...(output.annotations ?? [])]
  return { ...output, annotations, annotations_count: annotations.length }
}
