/**
 * The backfill as it was published, to be measured beside ours: an agent that selects 1,000 builds a
 * second and sends them 100 at a time, and a consumer that for every build deletes its errors, reads
 * its log until a page is empty, tries every line against every pattern, and inserts what it found.
 * It is as printed, apart from the slice of its batches, which left out all but the first; its
 * patterns, of which two were printed, are our signatures. Asked to, it uses our detector instead, so
 * that what is compared is the way of the builds and not the matching.
 */
import { DurableObject } from 'cloudflare:workers'
import { buildBuddyName, type LogCursor, LogPage } from '@workers-builds/contracts'
import { detectErrorsInLogLines } from '@workers-builds/error-detection'
import { connect, type Sql } from '@workers-builds/store'
import pMap from 'p-map'
import { match, P } from 'ts-pattern'
import { z } from 'zod'
import { publishedLoop } from '../../../packages/error-detection/bench/published-loop.ts'
import type { Matching } from '../lab/protocol.ts'

const BUILDS_PER_ALARM_RUN = 1_000
const QUEUES_BATCH_SIZE = 100

type PublishedEnv = {
  HYPERDRIVE: Hyperdrive
  QUEUE: Queue<{ build_id: number; matching: Matching }>
  AGENT: DurableObjectNamespace<PublishedAgent>
  BUILD_BUDDY: DurableObjectNamespace
}

type Range = { min_build_id: number; max_build_id: number; matching: Matching }
type State = {
  started_on: Date | null
  stopped_on: Date | null
  config: Range | null
  latest_build_id: number | null
  total_builds_processed: number | null
}

const KEYS = [
  'started_on',
  'stopped_on',
  'config',
  'latest_build_id',
  'total_builds_processed',
] as const

export class PublishedAgent extends DurableObject<PublishedEnv> {
  readonly #sql = connect(this.env.HYPERDRIVE.connectionString)

  async start({ min_build_id, max_build_id, matching }: Range): Promise<void> {
    if (min_build_id < 0) throw new Error('min_build_id cannot be negative')
    if (max_build_id < min_build_id) {
      throw new Error('max_build_id cannot be less than min_build_id')
    }
    await match(await this.#state())
      .with({ started_on: P.nonNullable, stopped_on: null }, () => {
        throw new Error('BuildErrorsAgent is already running')
      })
      .otherwise(async () => {
        await this.ctx.storage.deleteAlarm()
        await this.ctx.storage.deleteAll()
        await this.ctx.storage.put('started_on', new Date())
        await this.ctx.storage.put('config', { min_build_id, max_build_id, matching })
        await this.ctx.storage.setAlarm(Date.now() + 1_000)
      })
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + 1_000)
    await match(await this.#state())
      .with({ started_on: P.nullish }, async () => {
        await this.ctx.storage.deleteAlarm()
      })
      .with({ stopped_on: P.nonNullable }, async () => {
        await this.ctx.storage.deleteAlarm()
      })
      .with({ started_on: P.nonNullable, config: P.nullish }, () => this.#stop())
      .when(
        ({ latest_build_id, config }) =>
          latest_build_id !== null && config !== null && latest_build_id >= config.max_build_id,
        () => this.#stop(),
      )
      .with(
        { started_on: P.nonNullable, stopped_on: P.nullish, config: P.nonNullable },
        async ({ config, latest_build_id }) => {
          const failedBuilds = await this.#sql<{ build_id: number }[]>`
            select build_id from builds
            where build_outcome in ('fail', 'terminated')
              and build_id >= ${latest_build_id !== null ? latest_build_id + 1 : config.min_build_id}
              and build_id <= ${config.max_build_id}
            order by build_id limit 1000`
          if (failedBuilds.length === 0) await this.#stop()
          for (
            let i = 0;
            i < BUILDS_PER_ALARM_RUN && i < failedBuilds.length;
            i += QUEUES_BATCH_SIZE
          ) {
            const batch = failedBuilds
              .slice(i, i + QUEUES_BATCH_SIZE)
              .map(({ build_id }) => ({ body: { build_id, matching: config.matching } }))
            if (batch.length === 0) break
            await this.env.QUEUE.sendBatch(batch)
            await this.ctx.storage.put(
              'latest_build_id',
              Math.max(...batch.map((m) => m.body.build_id).concat(latest_build_id ?? 0)),
            )
            await this.ctx.storage.put(
              'total_builds_processed',
              ((await this.ctx.storage.get<number>('total_builds_processed')) ?? 0) + batch.length,
            )
          }
        },
      )
      .otherwise(() => {})
  }

  async #stop(): Promise<void> {
    await this.ctx.storage.put('stopped_on', new Date())
    await this.ctx.storage.deleteAlarm()
  }

  async #state(): Promise<State> {
    const entries = KEYS.map(async (key) => [key, (await this.ctx.storage.get(key)) ?? null])
    return Object.fromEntries(await Promise.all(entries)) as State
  }
}

/** When each build was done with, in ms. */
const done = new Map<number, number>()

const Body = z.object({ build_id: z.int(), matching: z.enum(['printed', 'ours']) })

const DETECT = { printed: publishedLoop, ours: detectErrorsInLogLines }

async function scan(sql: Sql, env: PublishedEnv, message: Message<unknown>): Promise<void> {
  try {
    const { build_id, matching } = Body.parse(message.body)
    await sql`delete from published_build_errors where build_id = ${build_id}`
    const id = env.BUILD_BUDDY.idFromName(buildBuddyName(build_id))
    const buddy = env.BUILD_BUDDY.get(id) as unknown as {
      getLogs(page: { cursor?: LogCursor }): Promise<LogPage & Disposable>
    }
    const errors: { build_id: number; error_code: string; error_group: string }[] = []
    let cursor: LogCursor | undefined
    let read = 0
    let hasMore = false
    do {
      using maybeNewLogs = await buddy.getLogs(cursor ? { cursor } : {})
      const newLogs = LogPage.parse(maybeNewLogs)
      read += newLogs.lines.length
      // Its logs have a cursor on every page, so that only an empty one is the last.
      cursor = { line: read }
      for (const { error_code, error_group } of DETECT[matching](newLogs.lines)) {
        errors.push({ build_id, error_code, error_group })
      }
      hasMore = newLogs.lines.length > 0
    } while (hasMore)
    if (errors.length > 0) await sql`insert into published_build_errors ${sql(errors)}`
    message.ack()
    done.set(build_id, Date.now())
  } catch (error) {
    console.error(error)
    message.retry()
  }
}

export default {
  async queue(batch, env): Promise<void> {
    // One connection a consumer, as ours: 250 of them have to share about a hundred.
    const sql = connect(env.HYPERDRIVE.connectionString, { max: 1 })
    try {
      await pMap(batch.messages, (message) => scan(sql, env, message))
    } finally {
      await sql.end()
    }
  },

  /** Starts the agent, or says how many builds are done, and when each was. */
  async fetch(request, env): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case '/lab/published/count':
        return Response.json(done.size)
      case '/lab/published/done':
        return Response.json([...done.values()])
      default: {
        const agent = env.AGENT.get(env.AGENT.idFromName('agent'))
        await agent.start(await request.json<Range>())
        return Response.json(null)
      }
    }
  },
} satisfies ExportedHandler<PublishedEnv>
