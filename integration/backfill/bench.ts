/**
 * `pnpm bench:backfill --builds N [--rounds R]`: how fast builds of the past are scanned again.
 *
 * Creates N failed builds, each with its log in a Durable Object of its own and its row in Postgres,
 * and scans them in turns: in the published way, in the same with our detector, in ours, in ours without
 * asking good builds, and, before and after ours, as the limit of this machine, only opening every
 * object and reading its log. The Workers' process is started anew before each turn, so that no object
 * is in memory. Then it measures the parts of which a scan consists, and computes from them what ours
 * should have been. The last line is the result as JSON, medians over the rounds; `builds_per_s` is at N builds, and at no more than
 * 5,000 for the published ways, and a ratio is the median of the ratios within one round.
 */
import { parseArgs } from 'node:util'
import { measureParts } from './bench/parts.ts'
import { type Measurement, resultOf, sizesFor } from './bench/result.ts'
import { VARIANTS, type VariantName } from './bench/variants.ts'
import { fillFailedBuilds } from './lab/fill.ts'
import { type Lab, startLab } from './lab/lab.ts'

const { values } = parseArgs({
  options: {
    builds: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
  },
})

const started = performance.now()
const log = (what: string) => {
  console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)} s  ${what}`)
}

type Turn = { variant: VariantName; size: number }

/**
 * Ours has its turn between two of the limit that it is compared with: machines become slower, and
 * faster, and in the mean of both so did the limit.
 */
function turnsOf(builds: number): Turn[] {
  const turns = (variants: VariantName[]) => {
    const sizes = new Set(variants.flatMap((variant) => sizesFor(variant, builds)))
    return [...sizes].flatMap((size) => variants.map((variant) => ({ variant, size })))
  }
  return [
    ...turns(['floor', 'ours', 'floor']),
    ...turns(['ours_without_good_builds']),
    ...turns(['published_with_our_detector', 'published']),
  ]
}

async function bench(lab: Lab, { builds, rounds }: { builds: number; rounds: number }) {
  const build_ids = await fillFailedBuilds(lab, { count: builds, log })
  log(`${builds} failed builds are there, each scanned once`)
  const measurements: Measurement[] = []
  for (let round = 0; round < rounds; round++) {
    for (const { variant, size } of turnsOf(builds)) {
      await lab.sql`vacuum analyze`
      await lab.restartWorkers()
      const measured = await VARIANTS[variant](lab, build_ids.slice(0, size))
      measurements.push({ round, variant, ...measured })
      log(
        [
          `round ${round + 1}  ${variant.padEnd(27)} ${String(size).padStart(6)} builds`,
          `${measured.ms_per_build.toFixed(2)} ms each (${measured.ms_per_build_from_call.toFixed(2)} from the call)`,
          `${measured.pg_statements_per_build.toFixed(3)} statements`,
          `${measured.do_requests_per_build.toFixed(3)} object requests`,
        ].join('  '),
      )
    }
  }
  const parts = await measureParts(lab, build_ids)
  log(`parts: ${JSON.stringify(parts)}`)
  return resultOf({ measurements, builds, parts })
}

const lab = await startLab()
try {
  const result = await bench(lab, { builds: Number(values.builds), rounds: Number(values.rounds) })
  console.log(JSON.stringify(result))
} finally {
  await lab.stop()
}
process.exit()
