/**
 * `pnpm chaos:backfill --builds N --seed S [--faults F]`: a backfill of N builds while its parts are
 * killed, its messages repeated and poisoned and Postgres taken away for a minute, in an order drawn
 * from the seed. Among the builds is one with a log of 200,000 lines. Ends with a line of JSON, or
 * with what was not true.
 */
import { parseArgs } from 'node:util'
import { runChaos } from './chaos/run-chaos.ts'
import { failedLog, longLog } from './lab/failed-logs.ts'
import { fillFailedBuilds, fillNow } from './lab/fill.ts'
import { startLab } from './lab/lab.ts'

const { values } = parseArgs({
  options: {
    builds: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    faults: { type: 'string', default: '8' },
  },
})
const seed = Number(values.seed)
const started = performance.now()
const log = (what: string) => {
  console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)} s  ${what}`)
}

const LONG_LOG_LINES = 200_000

log(`seed ${seed}`)
const lab = await startLab()
try {
  const build_ids = await fillFailedBuilds(lab, { count: Number(values.builds), log })
  build_ids.push(await fillNow(lab, longLog(LONG_LOG_LINES), { untilScanned: true }))
  log(`${build_ids.length} failed builds are there, one with ${LONG_LOG_LINES} lines`)
  const result = await runChaos(lab, build_ids, {
    seed,
    faults: Number(values.faults),
    outage_ms: 60_000,
    pause_ms: 15_000,
    failNow: () => fillNow(lab, failedLog(seed)),
    log,
    patience_ms: 3_600_000,
  })
  console.log(JSON.stringify({ builds: build_ids.length, seed, ...result }))
} finally {
  await lab.stop()
}
process.exit()
