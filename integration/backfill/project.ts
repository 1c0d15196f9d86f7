/** `pnpm project:backfill`: how long backfills of a million and of ten million builds would take. */
import { PARTS } from './model/parts.ts'
import { DESIGN, project, slowestColdRead } from './model/projection.ts'

const MILLION = 1_000_000

function row(
  what: string,
  builds: number,
  options: Parameters<typeof project>[2] = {},
  parts = PARTS,
) {
  const { builds_per_s, minutes, binds, rates } = project(builds, parts, options)
  return {
    what,
    'builds/s': Math.round(builds_per_s),
    minutes: Math.round(minutes * 10) / 10,
    binds,
    ...Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, Math.round(rate)])),
  }
}

console.table([
  row('1M', MILLION),
  row('1M, cold reads of 20 ms', MILLION, {}, { ...PARTS, cold_read_ms: 20 }),
  row('1M, cold reads of 100 ms', MILLION, {}, { ...PARTS, cold_read_ms: 100 }),
  row('10M', 10 * MILLION),
  row('10M, window of 20,000', 10 * MILLION, { design: { ...DESIGN, window: 20_000 } }),
])
console.log(
  `1M in 15 minutes needs cold reads of ${slowestColdRead(MILLION, 15, PARTS)} ms or less`,
)
console.log(JSON.stringify(project(MILLION, PARTS)))
