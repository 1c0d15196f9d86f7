/** BuildErrorsAgent killed at each thing that it asks of Postgres and of the queue, one by one. */
import type { BackfillConfig } from '@workers-builds/contracts'
import { type BackfillAnswer, checkAnswer } from '@workers-builds/contracts/testing'
import { describe, expect, test } from 'vitest'
import { type Death, MOMENTS, useAgentInDanger, WRITES } from '../testing/agent-in-danger.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'

const BUILDS = 250

const h = useBuildManagement()
const agent = useAgentInDanger(h)

/** What befalls the agent, and how its run ends. */
const SCRIPTS = {
  'a whole run': {
    acts: ['start', 'tick', 'scan half', 'tick', 'scan the rest', 'tick'],
    ends: 'completed',
  },
  'a run that is stopped': {
    acts: ['start', 'tick', 'scan half', 'tick', 'stop'],
    ends: 'stopped',
  },
} as const
type Script = keyof typeof SCRIPTS
type Act = (typeof SCRIPTS)[Script]['acts'][number]

describe.each(Object.keys(SCRIPTS) as Script[])('%s', (script) => {
  test.each(MOMENTS)(
    'skips no build, has one row and reports the truth, whatever it is killed at (%s)',
    async (moment) => {
      const builds = await h.createFailedBuilds(BUILDS)
      await play(script, builds)
      const points = agent.asked().filter((asked) => moment === 'before' || WRITES.has(asked))
      expect(points).toEqual(expect.arrayContaining([...WRITES]))
      for (const asking of points) {
        let nth = 1
        while (await play(script, builds, { asking, nth, moment })) nth++
        expect(nth, asking).toBeGreaterThan(1)
      }
    },
    300_000,
  )
})

/** Plays a script with this death in it; answers whether it came to that. */
async function play(script: Script, builds: number[], death?: Death): Promise<boolean> {
  await h.sql`truncate backfills, build_error_scans cascade`
  agent.forget()
  agent.expose(death)
  const { acts, ends } = SCRIPTS[script]
  let before: BackfillAnswer | undefined
  const watch = async () => {
    const answers = await agent.status()
    if (answers === undefined) return
    expect(answers.length).toBeLessThanOrEqual(1)
    const [answer] = answers
    if (answer === undefined) return
    checkAnswer(answer, { before, total: builds.length })
    before = answer
  }
  try {
    for (const act of acts) {
      await perform(act, builds)
      await watch()
    }
    const sentByThen = agent.sent.length
    for (let tick = 0; await agent.tick(); tick++) {
      if (tick > 20) throw new Error('the run does not end')
      await watch()
      await agent.scan([...agent.waiting])
    }
    await watch()
    await agent.scan([...agent.waiting])
    if (ends === 'stopped') expect(agent.sent).toHaveLength(sentByThen)
    await checkEnd(ends, builds)
  } catch (error) {
    throw new Error(`killed at ${JSON.stringify(death)}`, { cause: error })
  }
  return agent.hasDied()
}

async function perform(act: Act, builds: number[]): Promise<void> {
  const { waiting } = agent
  switch (act) {
    case 'start': {
      const config: BackfillConfig = {
        min_build_id: builds[0] ?? 0,
        max_build_id: builds.at(-1) ?? 0,
        older_than_detector_version: null,
        error_codes: null,
        account_ids: null,
        builds_per_second: null,
      }
      // Who got no answer asks again.
      while ((await agent.start(config)) === undefined);
      return
    }
    case 'stop': {
      let answer = await agent.stop()
      while (answer === undefined) answer = await agent.stop()
      expect(answer).toMatchObject({ status: 'stopped' })
      return
    }
    case 'tick':
      await agent.tick()
      return
    case 'scan half':
      return await agent.scan([...waiting].filter((build_id) => build_id % 2 === 0))
    case 'scan the rest':
      return await agent.scan([...waiting])
  }
}

async function checkEnd(ends: 'completed' | 'stopped', builds: number[]): Promise<void> {
  const runs = await h.store.backfills.selectAll({ limit: 10 })
  const scans = await h.sql<{ build_id: number }[]>`
    select build_id from build_error_scans order by build_id`
  const sent = [...new Set(agent.sent)].toSorted((a, b) => a - b)
  expect(scans.map(({ build_id }) => build_id)).toEqual(sent)
  expect(runs).toMatchObject([{ status: ends }])
  if (ends === 'stopped') return
  expect(runs).toMatchObject([{ builds_queued: BUILDS, builds_scanned: BUILDS, builds_failed: 0 }])
  expect(sent).toEqual(builds)
}
