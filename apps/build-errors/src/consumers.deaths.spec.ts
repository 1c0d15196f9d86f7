/** The consumers of both queues killed at each thing that they do, one by one. */
import { env } from 'cloudflare:workers'
import { BuildErrorsMessage, buildErrorsMessage } from '@workers-builds/contracts'
import { connect } from '@workers-builds/store'
import { createHarness } from '@workers-builds/store/testing'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { recordDeadLetters } from './record-dead-letters.ts'
import { scanBatch } from './scan-batch.ts'
import { type Consumed, consume, type Death } from './testing/mortal-consumer.ts'
import { createBuildsWithLogs, forgetScans, readScans } from './testing/scanned-builds.ts'

const sql = connect(env.HYPERDRIVE.connectionString, { max: 2 })
const h = createHarness(sql)
beforeEach(() => h.clear())
// Each death is logged, and there are hundreds.
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
afterAll(() => sql.end())

/** What is consumed, by which consumer, and at how many points at least it can die. */
const BATCHES: Record<string, Batch> = {
  // Which builds there are, and storing their scans.
  'a batch': { consumer: scanBatch, builds: 5, points: { statement: 2, page: 12, answer: 8 } },
  // The same, and then storing the scan of each build by itself.
  'a batch of which Postgres refuses a build': {
    consumer: scanBatch,
    builds: 3,
    points: { statement: 2 + 3, page: 8, answer: 6 },
    isRefused: true,
  },
  // One statement for each message that is understood.
  'dead letters': {
    consumer: recordDeadLetters,
    builds: 3,
    points: { statement: 5, page: 0, answer: 6 },
  },
}
type Batch = {
  consumer: typeof scanBatch | typeof recordDeadLetters
  builds: number
  points: Record<Death['at_a'], number>
  isRefused?: boolean
}

const DEATHS: Record<string, (at: number) => Death> = {
  'before a statement': (at) => ({ at_a: 'statement', at, moment: 'before' }),
  'after a statement': (at) => ({ at_a: 'statement', at, moment: 'after' }),
  'before a page of a log': (at) => ({ at_a: 'page', at }),
  'before the answer to a message': (at) => ({ at_a: 'answer', at }),
}

describe.each(Object.entries(BATCHES))('%s', (_, { consumer, builds, points, isRefused }) => {
  const ways = Object.entries(DEATHS).filter(([, deathAt]) => points[deathAt(1).at_a] > 0)
  test.each(ways)(
    'ends with the same rows as if the consumer had not died %s, wherever that was',
    async (_, deathAt) => {
      const { build_ids, readLog } = await createBuildsWithLogs(h, builds)
      const [first = 0, second = 0] = build_ids
      // One of them twice, one that does not exist, and one that is not a message of this queue.
      const bodies = [...[...build_ids, first, 999_999].map(bodyOf), 'poison']
      await using _refusal = isRefused ? await refuse(second) : null
      const deliver = async (part: unknown[], death?: Death) => {
        const consumed = await consume(part, { consumer, readLog, death })
        await expectStored(consumed, build_ids)
        return consumed
      }

      await forgetScans(h)
      await deliver(bodies)
      const undisturbed = await readScans(h)
      expect(undisturbed.scans).toHaveLength(isRefused ? builds - 1 : builds)

      let deaths = 0
      for (let at = 1; ; at++) {
        await forgetScans(h)
        const death = deathAt(at)
        const { died, acked } = await deliver(bodies, death)
        if (!died) break
        deaths++
        // What was not acked is delivered again: out of order, in part twice, and to two consumers at once.
        const again = bodies.filter((body) => !acked.includes(body)).toReversed()
        await Promise.all([deliver(again), deliver([...again.slice(at % 4), ...again.slice(0, 3)])])
        expect(await readScans(h), JSON.stringify(death)).toEqual(undisturbed)
      }
      expect(deaths).toBeGreaterThanOrEqual(points[deathAt(1).at_a])
    },
    300_000,
  )
})

const bodyOf = (build_id: number) => buildErrorsMessage(build_id).body

/** Nothing is acked that is not stored. */
async function expectStored({ acked }: Consumed, build_ids: number[]): Promise<void> {
  const stored = (await readScans(h)).scans.map(({ build_id }) => build_id)
  const ackedBuilds = acked.map((body) => BuildErrorsMessage.safeParse(body).data?.build_id ?? 0)
  expect(stored).toEqual(
    expect.arrayContaining(ackedBuilds.filter((build_id) => build_ids.includes(build_id))),
  )
}

/** Makes Postgres refuse every scan of this build, until it is disposed of. */
async function refuse(build_id: number): Promise<AsyncDisposable> {
  await sql.unsafe(
    `alter table build_error_scans add constraint refused check (build_id <> ${build_id}) not valid`,
  )
  return {
    [Symbol.asyncDispose]: async () => {
      await sql`alter table build_error_scans drop constraint refused`
    },
  }
}
