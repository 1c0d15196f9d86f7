/**
 * BuildErrorsAgent with its queue in the test's hands, to be killed at whatever it asks of Postgres or
 * of the queue: between the agent and both of them is what counts, and kills.
 *
 * A death is the runtime's own: `abort()` ends the incarnation where it stands. None of its code runs
 * after that, no `catch` and no `finally` either, its memory is lost, who called it gets an error, and
 * its storage is what had been written: as when its process dies or a new version is deployed. (An
 * eviction would wait for what is under way.)
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import {
  type BackfillConfig,
  type Backfills,
  type BuildErrorsMessage,
  withProgress,
} from '@workers-builds/contracts'
import * as storeModule from '@workers-builds/store'
import type { Harness } from '@workers-builds/store/testing'
import { afterAll, beforeAll, vi } from 'vitest'
import * as stepsModule from '../build-errors-agent/backfill-steps.ts'
import { getBuildErrorsAgent } from '../stubs.ts'

/** Before what it asks for is done, after it is done and not answered yet, or while it is on its way. */
export const MOMENTS = ['before', 'after', 'on the way'] as const
/** An agent's death at the how-manieth time that it asks for something. */
export type Death = { asking: string; nth: number; moment: (typeof MOMENTS)[number] }

/** What leaves a trace. Of anything else it is all the same whether it was done. */
export const WRITES: ReadonlySet<string> = new Set(['insert', 'update', 'sendBatch'])

type Asked = { name: string; args: unknown[] }
type Operations = Record<string, (...args: unknown[]) => Promise<unknown>>

/** What hangs over the agent, whichever incarnation of it. */
const danger = {
  /** How many times it asked for what. */
  asked: new Map<string, number>(),
  death: undefined as Death | undefined,
  hasDied: false,
  /** What it had asked for and is done only after its death. */
  onTheWay: [] as Asked[],
  isDatabaseAway: false,
  incarnation: undefined as DurableObjectState | undefined,
}

const sent: number[] = []
const waiting = new Set<number>()
const queue = {
  async sendBatch(messages: { body: BuildErrorsMessage }[]) {
    if (messages.length > 100) throw new Error('a batch has at most 100 messages')
    for (const { body } of messages) {
      sent.push(body.build_id)
      waiting.add(body.build_id)
    }
  },
  async metrics() {
    return { backlogCount: waiting.size, backlogBytes: 0 }
  },
}

const KILLED = 'killed by the test'
const NOWHERE = 'postgres://nobody:nothing@127.0.0.1:9/nowhere'

/** Puts the danger between whatever incarnation there is and what it asks. */
function standBetween(): void {
  const { openStore } = storeModule
  vi.spyOn(storeModule, 'openStore').mockImplementation((databaseUrl, options) => {
    const store = openStore(danger.isDatabaseAway ? NOWHERE : databaseUrl, options)
    return { ...store, backfills: inDanger(store.backfills) }
  })
  const { backfillSteps } = stepsModule
  const heldQueue = inDanger(queue) as unknown as Parameters<typeof backfillSteps>[0]['queue']
  vi.spyOn(stepsModule, 'backfillSteps').mockImplementation((context) =>
    backfillSteps({ ...context, queue: heldQueue }),
  )
  // Each time that it is held up is logged.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  // The agent's short waits need not be waited for.
  vi.stubGlobal('scheduler', { wait: async () => {} })
}

function inDanger<Real extends object>(operations: Real): Real {
  return new Proxy(operations, {
    get(target, name: string) {
      const operation = (target as Operations)[name]
      if (operation === undefined) return undefined
      return (...args: unknown[]) => pass({ name, args }, () => operation(...args))
    },
  })
}

/** Passes on what the agent asks for, unless it dies at it. */
async function pass(asked: Asked, effect: () => Promise<unknown>): Promise<unknown> {
  const nth = (danger.asked.get(asked.name) ?? 0) + 1
  danger.asked.set(asked.name, nth)
  const { death } = danger
  const dies = death?.asking === asked.name && death.nth === nth
  // Nothing leaves an object before all that it stored is safe: the runtime's output gate, which does
  // not know of a queue in the test's hands.
  if (!dies || death.moment !== 'before') await danger.incarnation?.storage.sync()
  if (!dies) return await effect()
  danger.hasDied = true
  if (death.moment === 'after') await effect()
  if (death.moment === 'on the way') danger.onTheWay.push(asked)
  danger.incarnation?.abort(KILLED)
  return await new Promise(() => {})
}

/** The agent, as callers, its alarm and the consumer see it. */
export function useAgentInDanger(h: Harness) {
  beforeAll(standBetween)
  afterAll(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  /** Asks something of the incarnation that is there; undefined when it died of it. */
  async function ask<Answer>(
    question: (agent: ReturnType<typeof getBuildErrorsAgent>) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    // One that has died leaves its stub broken.
    const agent = getBuildErrorsAgent(env)
    try {
      await runInDurableObject(agent, (_, state) => {
        danger.incarnation = state
      })
      return await question(agent)
    } catch (error) {
      if (error instanceof Error && error.message.includes(KILLED)) return undefined
      throw error
    }
  }

  return {
    sent,
    waiting,

    /** Forgets what was sent, and what was on its way. */
    forget(): void {
      sent.length = 0
      waiting.clear()
      danger.onTheWay = []
    },
    /** From now on this death is ahead, or none. */
    expose(death?: Death): void {
      Object.assign(danger, { asked: new Map(), death, hasDied: false })
    },
    /** What the agent has asked for since. */
    asked: () => [...danger.asked.keys()],
    hasDied: () => danger.hasDied,

    start: (config: BackfillConfig) => ask(async (agent) => await agent.start(config)),
    stop: () => ask(async (agent) => await agent.stop()),

    /** Has the alarm fire, if it is set; what a dead incarnation had on its way is done before. */
    async tick(): Promise<boolean> {
      for (const { name, args } of danger.onTheWay.splice(0)) {
        const operations = (name in queue ? queue : h.store.backfills) as unknown as Operations
        await operations[name]?.(...args)
      }
      const ran = await ask(async (agent) => {
        await runInDurableObject(agent, async (_, { storage }) => {
          if ((await storage.getAlarm()) !== null) await storage.setAlarm(Date.now() + 60_000)
        })
        return await runDurableObjectAlarm(agent)
      })
      return ran ?? true
    },

    /** Does something while Postgres is not there. */
    async withoutDatabase<Result>(work: () => Promise<Result>): Promise<Result> {
      danger.isDatabaseAway = true
      return await work().finally(() => {
        danger.isDatabaseAway = false
      })
    },

    /** What the API answers, or undefined when the agent died of being asked. */
    async status(): Promise<Backfills | undefined> {
      const current = await ask((agent) => agent.getProgress())
      const runs = await h.store.backfills.selectAll({ limit: 100 })
      return current === undefined ? undefined : withProgress(runs, current)
    },

    /** What the consumer does with these, of which it gives some up. */
    async scan(build_ids: number[], { givesUp = () => false }: ScanOptions = {}): Promise<void> {
      for (const build_id of build_ids) waiting.delete(build_id)
      const scan = { outcome: 'no_match' as const, detector_version: 1, lines_read: 1, errors: [] }
      const read = build_ids.filter((build_id) => !givesUp(build_id))
      await h.store.buildErrorScans.replace(read.map((build_id) => ({ build_id, ...scan })))
      for (const build_id of build_ids.filter(givesUp)) {
        await h.store.buildErrorScans.recordFailed({ build_id, detector_version: 1 })
      }
    },

    /** As if no scan had been seen for long. */
    standStill: () =>
      ask((agent) =>
        runInDurableObject(agent, (_, { storage }) => {
          const standstill = storage.kv.get<{ under_way: number }>('standstill')
          if (standstill !== undefined) storage.kv.put('standstill', { ...standstill, since: 0 })
        }),
      ),
  }
}

type ScanOptions = { givesUp?: (build_id: number) => boolean }
