import { beforeAll, expect, test } from 'vitest'
import { endAfterTests } from '../support/discard-folder.ts'
import { runChaos } from './chaos/run-chaos.ts'
import { failedLog, longLog } from './lab/failed-logs.ts'
import { fillFailedBuilds, fillNow } from './lab/fill.ts'
import { type Lab, startLab } from './lab/lab.ts'

/** A new schedule each time, and the one of a failure again when it is named. */
const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000)

let lab: Lab
beforeAll(async () => {
  lab = await startLab({ durable: false })
})
endAfterTests(async () => {
  await lab?.stop({ keepFolder: true })
  return lab?.folder
})

test(`a backfill under faults scans every build once and reports the truth (CHAOS_SEED=${SEED})`, async () => {
  const build_ids = await fillFailedBuilds(lab, { count: 200 })
  build_ids.push(await fillNow(lab, longLog(200_000), { untilScanned: true }))
  const { schedule, answers } = await runChaos(lab, build_ids, {
    seed: SEED,
    faults: 3,
    outage_ms: 3_000,
    pause_ms: 1_500,
    failNow: () => fillNow(lab, failedLog(SEED)),
  })
  expect(schedule).toHaveLength(3)
  expect(answers).toBeGreaterThan(0)
}, 600_000)
