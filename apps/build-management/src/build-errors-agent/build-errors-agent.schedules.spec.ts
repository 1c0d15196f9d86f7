/** BuildErrorsAgent under schedules of what can befall it, drawn at random. */
import type { BackfillConfig } from '@workers-builds/contracts'
import { type BackfillAnswer, checkAnswer } from '@workers-builds/contracts/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOMENTS, useAgentInDanger, WRITES } from '../testing/agent-in-danger.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'

const h = useBuildManagement()
const agent = useAgentInDanger(h)

/** More than one batch of the queue takes. */
const BUILDS = 130

const Death = fc.record({
  asking: fc.constantFrom('countUnscanned', 'selectUnscanned', 'select', 'metrics', ...WRITES),
  nth: fc.integer({ min: 1, max: 3 }),
  moment: fc.constantFrom(...MOMENTS),
})
/** One build in `of`, beginning with the one at `from`. */
const Some = fc.record({ of: fc.integer({ min: 1, max: 4 }), from: fc.nat({ max: 3 }) })

const Act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('tick'), death: fc.option(Death) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('start'), death: fc.option(Death) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('stop'), death: fc.option(Death) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('tick without Postgres') }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('scan'), some: Some }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('scan what was not sent'), some: Some }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('give up'), some: Some }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lose messages'), some: Some }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('stand still') }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete a build'), build: fc.nat() }) },
)
type Act = typeof Act extends fc.Arbitrary<infer Drawn> ? Drawn : never

/** When it fails, fast-check prints the schedule, made as short as it can, and the seed it came from. */
test('whatever befalls it, a run skips no build, and says truthfully how far it is', async () => {
  await fc.assert(fc.asyncProperty(fc.array(Act, { minLength: 3, maxLength: 14 }), playSchedule), {
    numRuns: 15,
    interruptAfterTimeLimit: 20_000,
  })
}, 300_000)

async function playSchedule(schedule: Act[]): Promise<void> {
  await h.sql`truncate backfills, build_error_scans cascade`
  agent.forget()
  agent.expose()
  const world = { builds: await h.createFailedBuilds(BUILDS), deleted: new Set<number>() }
  const config = configOf(world.builds)
  const watch = watchStatus()
  await agent.start(config)
  for (const act of schedule) {
    await perform(act, world, config)
    agent.expose()
    await watch()
  }
  for (let tick = 0; await agent.tick(); tick++) {
    if (tick > 40) throw new Error('the run does not end')
    await watch()
    await agent.scan([...agent.waiting])
    await agent.standStill()
  }
  await watch()
  await checkEnd(world)
}

type World = { builds: number[]; deleted: Set<number> }

async function perform(
  drawn: Act,
  { builds, deleted }: World,
  config: BackfillConfig,
): Promise<void> {
  const some = ({ of, from }: { of: number; from: number }, build_ids: Iterable<number>) =>
    [...build_ids].filter((_, index) => index % of === from % of)
  if ('death' in drawn) agent.expose(drawn.death ?? undefined)
  switch (drawn.act) {
    case 'tick':
      await agent.tick()
      return
    case 'tick without Postgres':
      await agent.withoutDatabase(() => agent.tick())
      return
    case 'start':
      await agent.start(config)
      return
    case 'stop':
      await agent.stop()
      return
    case 'scan':
      return await agent.scan(some(drawn.some, agent.waiting))
    case 'scan what was not sent':
      return await agent.scan(some(drawn.some, builds))
    case 'give up':
      return await agent.scan(some(drawn.some, agent.waiting), { givesUp: () => true })
    case 'lose messages':
      for (const build_id of some(drawn.some, agent.waiting)) agent.waiting.delete(build_id)
      return
    case 'stand still':
      await agent.standStill()
      return
    case 'delete a build': {
      const build_id = builds[drawn.build % builds.length] ?? 0
      deleted.add(build_id)
      return await h.store.deletions.deleteBuilds([build_id])
    }
  }
}

/** Holds every answer against the one before it, run by run. */
function watchStatus(): () => Promise<void> {
  const before = new Map<number, BackfillAnswer>()
  return async () => {
    const answers = (await agent.status()) ?? []
    expect(answers.filter(({ status }) => status === 'running').length).toBeLessThanOrEqual(1)
    for (const answer of answers) {
      // Any of them may be scanned or deleted before it is sent.
      const known = { total: BUILDS, apart: BUILDS }
      checkAnswer(answer, { before: before.get(answer.backfill_id), ...known })
      before.set(answer.backfill_id, answer)
    }
  }
}

/** No run is left, and of one that is completed each build has been looked at since it began. */
async function checkEnd({ builds, deleted }: World): Promise<void> {
  const runs = await h.store.backfills.selectAll({ limit: 100 })
  expect(runs.map(({ status }) => status)).not.toContain('running')
  const left = builds.filter((build_id) => !deleted.has(build_id))
  const newest = runs.find(({ status }) => status === 'completed')
  if (newest === undefined) return
  const scans = await h.sql<{ build_id: number }[]>`
    select build_id from build_error_scans where scanned_on >= ${newest.started_on}
    order by build_id`
  expect(scans.map(({ build_id }) => build_id)).toEqual(left)
}

function configOf(builds: number[]): BackfillConfig {
  return {
    min_build_id: builds[0] ?? 0,
    max_build_id: builds.at(-1) ?? 0,
    older_than_detector_version: null,
    error_codes: null,
    account_ids: null,
    builds_per_second: null,
  }
}
