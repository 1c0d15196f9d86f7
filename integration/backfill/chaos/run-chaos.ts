/**
 * A backfill on the real parts under a schedule of faults drawn from a seed, watched from outside:
 * its status is asked for all the while, and every answer must be possible after the one before it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Backfills } from '@workers-builds/contracts'
import { checkAnswer } from '@workers-builds/contracts/testing'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { createRandom, type Random } from '@workers-builds/test-kit/random'
import type { Lab } from '../lab/lab.ts'

/** What can happen to a backfill; each is over, or has been repaired, when it resolves. */
const FAULTS = {
  /** The Workers die at whatever they are: agent and consumer in the middle of it, the queue emptied. */
  async 'kill the Workers'({ lab }: Scene) {
    await lab.killWorkers()
    await lab.restartWorkers()
  },
  async 'deliver builds twice and out of order'(scene: Scene) {
    const { lab, build_ids, random } = scene
    const bodies = Array.from({ length: 100 }, () => ({
      v: 1,
      build_id: random.pick(build_ids),
    }))
    scene.apart += bodies.length
    await lab.ask('/lab/send', bodies)
  },
  async 'deliver poison'({ lab }: Scene) {
    await lab.ask('/lab/send', ['poison', { v: 99 }, { v: 1, build_id: 'x' }, null])
  },
  async 'take Postgres away'({ lab, outage_ms }: Scene) {
    await lab.stopPostgres()
    await pause(outage_ms)
    await lab.startPostgres()
  },
} satisfies Record<string, (scene: Scene) => Promise<void>>

export type Fault = keyof typeof FAULTS

type Scene = {
  lab: Lab
  build_ids: number[]
  outage_ms: number
  random: Random
  /** How many builds were delivered, perhaps before the run came to them, which then left them out. */
  apart: number
}

export type ChaosOptions = {
  seed: number
  /** How many faults are drawn. */
  faults: number
  /** How long Postgres is away each time. */
  outage_ms: number
  /** Longest pause before a fault. */
  pause_ms: number
  /** Begins a build that fails now, and answers it; called once while the backfill runs. */
  failNow: () => Promise<number>
  log?: (what: string) => void
  patience_ms?: number
}

export type ChaosResult = {
  schedule: Fault[]
  answers: number
  seconds: number
  /** How long a build that failed meanwhile waited for its scan; without a fault in between. */
  scanned_after_ms: number
}

/** Backfills `build_ids` under faults; throws where an answer or what is left at the end is wrong. */
export async function runChaos(
  lab: Lab,
  build_ids: number[],
  { seed, faults, outage_ms, pause_ms, failNow, ...options }: ChaosOptions,
): Promise<ChaosResult> {
  const { log = () => {}, patience_ms = 600_000 } = options
  const random = createRandom(seed)
  const names = Object.keys(FAULTS) as Fault[]
  const schedule = Array.from({ length: faults }, () => random.pick(names))
  const scene: Scene = { lab, build_ids, outage_ms, random, apart: 0 }
  const started = Date.now()
  const [min_build_id = 0, max_build_id = 0] = [build_ids[0], build_ids.at(-1)]
  const { backfill_id, started_on } = await lab.startBackfill({ min_build_id, max_build_id })
  const watch = watchStatus(scene, backfill_id)

  const scanned_after_ms = await timeOfScan(lab, await failNow())
  log(`a build that failed meanwhile was scanned after ${scanned_after_ms} ms`)
  for (const fault of schedule) {
    await pause(random.below(pause_ms))
    log(fault)
    await FAULTS[fault](scene)
  }
  await watch.untilCompleted(patience_ms)
  await checkRows(lab, build_ids, new Date(started_on))
  const seconds = (Date.now() - started) / 1_000
  return { schedule, answers: watch.answers(), seconds, scanned_after_ms }
}

/** Asks for the status over and over; what it says is held against what it said before. */
function watchStatus(scene: Scene, backfill_id: number) {
  const { lab, build_ids } = scene
  let answers = 0
  let completed = false
  const look = async () => {
    let before: Backfills[number] | undefined
    while (!completed) {
      // While the Workers or Postgres are down there is no answer, and nothing that could be untrue.
      const runs = await lab.listBackfills().catch(() => undefined)
      const run = runs?.find((one) => one.backfill_id === backfill_id)
      if (run !== undefined) {
        checkAnswer(run, { before, total: build_ids.length, apart: scene.apart })
        before = run
        answers++
        completed = run.status === 'completed'
      }
      await pause(100)
    }
  }
  const looking = look()
  // Thrown to whoever waits for the end, and not before.
  looking.catch(() => {})
  return {
    answers: () => answers,
    async untilCompleted(patience_ms: number): Promise<void> {
      const late = pause(patience_ms).then(() => {
        throw new Error(`the backfill is not completed after ${patience_ms} ms`)
      })
      await Promise.race([looking, late])
    },
  }
}

/** Every build has been scanned since the run began, once, and no error stands twice. */
async function checkRows(lab: Lab, build_ids: number[], since: Date): Promise<void> {
  const [row] = await lab.sql<{ scans: number; fresh: number; failed: number }[]>`
    select count(*) as scans, count(*) filter (where scanned_on >= ${since}) as fresh,
      count(*) filter (where outcome = 'scan_failed' or failed_on is not null) as failed
    from build_error_scans
    where build_id between ${build_ids[0] ?? 0} and ${build_ids.at(-1) ?? 0}`
  const expected = { scans: build_ids.length, fresh: build_ids.length, failed: 0 }
  if (JSON.stringify({ ...row }) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(row)} instead of ${JSON.stringify(expected)}`)
  }
  const twice = await lab.sql`
    select build_id from build_errors group by build_id, error_code, error_group having count(*) > 1`
  if (twice.length > 0) throw new Error(`${twice.length} errors stand twice`)
}

async function timeOfScan(lab: Lab, build_id: number): Promise<number> {
  const started = Date.now()
  const look = async () => {
    const rows = await lab.sql`select from build_error_scans where build_id = ${build_id}`
    return rows.length > 0
  }
  const what = `the scan of build ${build_id}, which failed during the backfill`
  await waitFor(what, look, { timeoutMs: 30_000, pauseMs: 50 })
  return Date.now() - started
}
