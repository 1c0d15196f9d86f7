import { timingSafeEqual } from 'node:crypto'
import {
  BuildUuid,
  type ComputeBuild,
  type ComputeCachesDeleted,
  type ComputeHealth,
  CreateComputeBuild,
  DeleteComputeCaches,
} from '@workers-builds/contracts'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import type { Builds } from './builds.ts'
import type { CacheArchives } from './cache-archives.ts'
import type { HostLog } from './host-log.ts'

/** 64 variables of 5 KB, and room for the rest. */
const MAX_BODY_BYTES = 1024 * 1024

/** The routes of `compute.ts` in contracts. */
export function computeHostApi({
  builds,
  cache,
  token,
  log,
}: {
  builds: Builds
  cache: CacheArchives
  token: string
  log: HostLog
}): Hono {
  const app = new Hono()
  app.onError((error, c) => {
    if (error instanceof HTTPException) return failure(c, error.status, error.message)
    log(`a request failed: ${error.stack ?? error.message}`)
    return failure(c, 500, 'The compute host failed; its own output says why')
  })
  app.notFound((c) => failure(c, 404, `There is no ${c.req.method} ${c.req.path}`))
  app.use(requireToken(token))

  app.get('/health', (c) => c.json({ v: 1 } satisfies ComputeHealth))

  app.get('/builds/:build_uuid', (c) => answer(c, builds, buildUuidOf(c)))

  app.delete('/builds/:build_uuid', async (c) => {
    const build_uuid = buildUuidOf(c)
    await builds.end(build_uuid)
    return answer(c, builds, build_uuid)
  })

  app.put('/builds/:build_uuid', boundBody, async (c) => {
    const build_uuid = buildUuidOf(c)
    const { spec } = parseBody({
      schema: CreateComputeBuild,
      name: 'build',
      body: await c.req.text(),
    })
    if (spec.build_uuid !== build_uuid) {
      throw new HTTPException(400, { message: 'The spec is of another build than the address' })
    }
    await builds.start(spec)
    return answer(c, builds, build_uuid)
  })

  app.delete('/caches', boundBody, async (c) => {
    const body = await c.req.text()
    const { keys } = parseBody({ schema: DeleteComputeCaches, name: 'list of caches', body })
    await cache.delete(keys)
    return c.json({ v: 1 } satisfies ComputeCachesDeleted)
  })
  return app
}

const boundBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: async (c) => {
    // Read to its end: a caller that is still sending would see a broken connection only.
    if (!c.req.raw.bodyUsed) await c.req.raw.body?.pipeTo(new WritableStream())
    return failure(c, 413, `The body is over ${MAX_BODY_BYTES} bytes`)
  },
})

function requireToken(token: string) {
  const expected = Buffer.from(`Bearer ${token}`)
  return createMiddleware(async (c, next) => {
    const given = Buffer.from(c.req.header('authorization') ?? '')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new HTTPException(401, { message: 'Send the token of this host as a bearer token' })
    }
    await next()
  })
}

function buildUuidOf(c: Context): string {
  const parsed = BuildUuid.safeParse(c.req.param('build_uuid'))
  if (!parsed.success) throw new HTTPException(400, { message: 'The build_uuid is not a UUID' })
  return parsed.data.toLowerCase()
}

/** Says which fields are wrong, and never quotes them: they hold secrets. */
function parseBody<Schema extends z.ZodType>({
  schema,
  name,
  body,
}: {
  schema: Schema
  /** What the body should be, for the message. */
  name: string
  body: string
}): z.infer<Schema> {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    throw new HTTPException(400, { message: 'The body is not JSON' })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'body'}: ${code}`)
  throw new HTTPException(400, { message: `Not a ${name}: ${fields.join(', ')}` })
}

function answer(c: Context, builds: Builds, build_uuid: string) {
  const body: ComputeBuild = { v: 1, build_uuid, state: builds.state(build_uuid) }
  return c.json(body)
}

function failure(c: Context, status: number, message: string) {
  return c.json({ success: false, errors: [{ code: status, message }] }, status as 400)
}
