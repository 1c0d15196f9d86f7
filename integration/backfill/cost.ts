/**
 * `pnpm cost:backfill [--builds N]`: what a build's log takes up in its Durable Object and how many
 * rows a scan reads of it, while it is written and after it is closed and compacted.
 */
import { parseArgs } from 'node:util'
import { failedLog, failedStatus } from './lab/failed-logs.ts'
import { insertBuilds } from './lab/fill.ts'
import { startLab } from './lab/lab.ts'
import type { BuildCost, FilledBuild } from './lab/protocol.ts'

const { values } = parseArgs({ options: { builds: { type: 'string', default: '50' } } })

const lab = await startLab({ durable: false })
try {
  const costs: BuildCost[] = []
  let lines = 0
  for (const build_id of await insertBuilds(lab.sql, Number(values.builds))) {
    const flushes = failedLog(build_id)
    const build: FilledBuild = { build_id, flushes, last: failedStatus(flushes) }
    costs.push(await lab.ask<BuildCost>('/lab/cost', build))
    lines += flushes.flat().length
  }
  const mean = (of: (cost: BuildCost) => number) =>
    Math.round((costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length) * 10) / 10
  console.log(
    JSON.stringify({
      builds: costs.length,
      lines_per_build: Math.round(lines / costs.length),
      bytes_before: mean(({ before }) => before.bytes),
      bytes_after: mean(({ after }) => after.bytes),
      rows_read_before: mean(({ before }) => before.rows_read),
      rows_read_after: mean(({ after }) => after.rows_read),
    }),
  )
} finally {
  await lab.stop()
}
process.exit()
