/** The consumer under schedules of deliveries, deaths and deletions, drawn at random. */
import { env } from 'cloudflare:workers'
import { buildErrorsMessage } from '@workers-builds/contracts'
import { DETECTOR_VERSION } from '@workers-builds/error-detection'
import { connect } from '@workers-builds/store'
import { createHarness } from '@workers-builds/store/testing'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import type { LogReader } from './read-build-log.ts'
import { scanBatch } from './scan-batch.ts'
import { CUT_MOMENTS } from './testing/cut.ts'
import { consume } from './testing/mortal-consumer.ts'
import { createBuildsWithLogs, forgetScans, readScans } from './testing/scanned-builds.ts'

const sql = connect(env.HYPERDRIVE.connectionString, { max: 2 })
const h = createHarness(sql)
beforeEach(() => h.clear())
// Each death is logged, and there are hundreds.
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => {}))
afterAll(() => sql.end())

const BUILDS = 8

const Death = fc.oneof(
  fc.record({
    at_a: fc.constant('statement' as const),
    at: fc.integer({ min: 1, max: 4 }),
    moment: fc.constantFrom(...CUT_MOMENTS),
  }),
  fc.record({
    at_a: fc.constantFrom('page' as const, 'answer' as const),
    at: fc.integer({ min: 1, max: 10 }),
  }),
)

/** Builds by their places, in any order and any number of times; a place without a build is poison. */
const Batch = fc.array(fc.nat({ max: BUILDS }), { minLength: 1, maxLength: 12 })

const Delivery = fc.record({
  batch: Batch,
  death: fc.option(Death, { nil: undefined }),
  /** A build whose log cannot be read this time, or is not complete yet. */
  trouble: fc.option(
    fc.record({ build: fc.nat({ max: BUILDS - 1 }), complete: fc.constantFrom(false, undefined) }),
  ),
})

/** What happens at the same time: deliveries, and perhaps a build is deleted. */
const Moment = fc.record({
  deliveries: fc.array(Delivery, { minLength: 1, maxLength: 3 }),
  deleted: fc.option(fc.nat({ max: BUILDS - 1 }), { freq: 3 }),
})
type Moment = typeof Moment extends fc.Arbitrary<infer Drawn> ? Drawn : never

/** When it fails, fast-check prints the shortest schedule that fails and its seed. */
test('after any schedule, each remaining build is scanned as if it had been scanned once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Moment, { minLength: 1, maxLength: 5 }), playSchedule),
    { numRuns: 30, interruptAfterTimeLimit: 20_000 },
  )
}, 300_000)

async function playSchedule(schedule: Moment[]): Promise<void> {
  await h.clear()
  const { build_ids, readLog } = await createBuildsWithLogs(h, BUILDS)
  await consume(build_ids.map(bodyOf), { consumer: scanBatch, readLog })
  const undisturbed = await readScans(h)
  await forgetScans(h)
  await leaveOlderScans(build_ids)

  /** What the queue still has to deliver, and may have delivered before. */
  const unanswered = new Set(build_ids)
  const deleted = new Set<number>()
  const deliver = async ({ batch, death, trouble }: Moment['deliveries'][number]) => {
    const bodies = batch.map((place) => (place < BUILDS ? bodyOf(build_ids[place] ?? 0) : 'poison'))
    const reader = trouble === null ? readLog : withTrouble(readLog, build_ids, trouble)
    const { acked } = await consume(bodies, { consumer: scanBatch, readLog: reader, death })
    for (const body of acked) {
      if (typeof body !== 'string') unanswered.delete((body as { build_id: number }).build_id)
    }
  }
  for (const moment of schedule) {
    const work: Promise<unknown>[] = moment.deliveries.map(deliver)
    if (moment.deleted !== null) {
      const build_id = build_ids[moment.deleted] ?? 0
      deleted.add(build_id)
      work.push(h.store.deletions.deleteBuilds([build_id]))
    }
    await Promise.all(work)
  }
  // And once more what was never acked, which is all that the queue still knows.
  await consume([...unanswered].map(bodyOf), { consumer: scanBatch, readLog })
  const isLeft = ({ build_id }: { build_id?: number }) => !deleted.has(build_id ?? 0)
  expect(await readScans(h)).toEqual({
    scans: undisturbed.scans.filter(isLeft),
    errors: undisturbed.errors.filter(isLeft),
    due: [],
  })
}

const bodyOf = (build_id: number) => buildErrorsMessage(build_id).body

/** An older detector saw something else in each other build. */
async function leaveOlderScans(build_ids: number[]): Promise<void> {
  const error = { error_code: 'npm_error', error_group: 'seen before', title: '', line: 0 } as const
  const known = { cause: 'unknown', fault: 'user', step: 'building', confidence: 0.5 } as const
  await h.store.buildErrorScans.replace(
    build_ids
      .filter((_, place) => place % 2 === 0)
      .map((build_id) => ({
        build_id,
        outcome: 'detected' as const,
        detector_version: DETECTOR_VERSION - 1,
        lines_read: 1,
        errors: [{ ...error, ...known }],
      })),
  )
  await sql`update builds set scan_due_on = now()`
}

/** A reader for which the log of one build cannot be read, or ends too early. */
function withTrouble(
  readLog: LogReader,
  build_ids: number[],
  { build, complete }: { build: number; complete: false | undefined },
): LogReader {
  return async function* (build_id) {
    if (build_id !== build_ids[build]) return yield* readLog(build_id)
    if (complete === undefined) throw new Error('this log cannot be read')
    return { complete }
  }
}
