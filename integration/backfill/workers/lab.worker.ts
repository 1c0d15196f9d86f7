/**
 * The front of a laboratory: it stands before client, to which it passes on everything else, and can
 * reach into the system where nobody else can: it fills BuildBuddies with the calls that a runner's
 * call-backs become, reads logs as fast as they can be read, and puts messages into the queue.
 */
import {
  buildBuddyName,
  type LogCursor,
  type LogLine,
  type LogPage,
  type RunnerStatusUpdate,
} from '@workers-builds/contracts'
import pMap from 'p-map'
import type { BuildCost, Counts, FilledBuild, ReadResult } from '../lab/protocol.ts'

/** What is asked of a BuildBuddy here. */
interface LabBuddy {
  startBuild(build: { build_id: number }): Promise<void>
  handleStatusUpdate(update: RunnerStatusUpdate): Promise<unknown>
  addLogLines(flush: { v: 1; first_line: number; lines: LogLine[] }): Promise<unknown>
  getLogs(page: { cursor?: LogCursor }): Promise<LogPage & Disposable>
  size(): Promise<number>
  settle(): Promise<void>
}

type LabEnv = {
  CLIENT: Fetcher
  PUBLISHED: Fetcher
  COUNTER: Fetcher & { read(): Promise<Counts> }
  BUILD_BUDDY: DurableObjectNamespace
  BUILD_ERRORS_QUEUE: Queue<unknown>
}

const FILL_CONCURRENCY = 16

function buddyOf(env: LabEnv, build_id: number): LabBuddy {
  const id = env.BUILD_BUDDY.idFromName(buildBuddyName(build_id))
  return env.BUILD_BUDDY.get(id) as unknown as LabBuddy
}

/** Does what the runner of a build would have done, all at once. */
async function fill(env: LabEnv, { build_id, flushes, last }: FilledBuild): Promise<void> {
  const buddy = await write(env, { build_id, flushes })
  await buddy.handleStatusUpdate(last)
}

async function write(env: LabEnv, { build_id, flushes }: Omit<FilledBuild, 'last'>) {
  const buddy = buddyOf(env, build_id)
  await buddy.startBuild({ build_id })
  await buddy.handleStatusUpdate({ v: 1, seq: 0, status: 'running', steps: [] })
  let first_line = 0
  for (const lines of flushes) {
    await buddy.addLogLines({ v: 1, first_line, lines })
    first_line += lines.length
  }
  return buddy
}

async function readLog(buddy: LabBuddy): Promise<number> {
  let cursor: LogCursor | undefined
  let lines = 0
  do {
    using page = await buddy.getLogs(cursor ? { cursor } : {})
    lines += page.lines.length
    cursor = page.complete ? undefined : page.cursor
    if (page.lines.length === 0) break
  } while (cursor !== undefined)
  return lines
}

/** Opens each build's object and reads its log: what any scan of them has to do. */
async function readLogs(
  env: LabEnv,
  { build_ids, concurrency }: { build_ids: number[]; concurrency: number },
): Promise<ReadResult> {
  const started = Date.now()
  let first_ms = 0
  const counts = await pMap(
    build_ids,
    async (build_id) => {
      const lines = await readLog(buddyOf(env, build_id))
      first_ms ||= Date.now() - started
      return lines
    },
    { concurrency },
  )
  const lines = counts.reduce((sum, count) => sum + count, 0)
  return { lines, first_ms, last_ms: Date.now() - started }
}

async function cost(env: LabEnv, { build_id, flushes, last }: FilledBuild): Promise<BuildCost> {
  const buddy = await write(env, { build_id, flushes })
  const measure = async () => {
    const before = (await env.COUNTER.read()).rows_read
    await readLog(buddy)
    const rows_read = (await env.COUNTER.read()).rows_read - before
    return { bytes: await buddy.size(), rows_read }
  }
  const before = await measure()
  await buddy.handleStatusUpdate(last)
  await buddy.settle()
  return { before, after: await measure() }
}

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/lab/published')) return await env.PUBLISHED.fetch(request)
    switch (pathname) {
      case '/lab/fill': {
        const builds = await request.json<FilledBuild[]>()
        await pMap(builds, (build) => fill(env, build), { concurrency: FILL_CONCURRENCY })
        return Response.json(null)
      }
      case '/lab/read':
        return Response.json(await readLogs(env, await request.json()))
      case '/lab/cost':
        return Response.json(await cost(env, await request.json()))
      case '/lab/counts':
        return Response.json(await env.COUNTER.read())
      case '/lab/send': {
        const bodies = await request.json<unknown[]>()
        await env.BUILD_ERRORS_QUEUE.sendBatch(bodies.map((body) => ({ body })))
        return Response.json(null)
      }
      default:
        return await env.CLIENT.fetch(request)
    }
  },
} satisfies ExportedHandler<LabEnv>
