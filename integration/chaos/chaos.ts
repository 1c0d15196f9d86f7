/** `pnpm chaos [--seed S] [--builds N]`: see README.md. The last line is one of JSON. */
import { parseArgs } from 'node:util'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { runChaos } from './run-chaos.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, builds: { type: 'string', default: '200' } },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const builds = Number(values.builds)
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(builds) || builds < 1) {
  console.error('usage: pnpm chaos [--seed <whole number>] [--builds <how many>]')
  process.exit(64)
}

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const began = Date.now()
const log = (line: string) =>
  console.log(`${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}`)

const folder = await createTemporaryFolder('chaos')
log(`seed ${seed}, ${builds} builds; logs in ${folder.path}/logs until all is found right`)
const { result, complaints } = await runChaos({ dir: folder.path, seed, builds, log })
for (const complaint of complaints) log(complaint)
const { lost_lines, repeated_lines, stuck_builds } = result
const { duplicate_errors, unscanned_failures, wrong_outcomes } = result
const wrong = [lost_lines, repeated_lines, stuck_builds, duplicate_errors, unscanned_failures]
const isRight = [...wrong, wrong_outcomes].every((count) => count === 0)
if (isRight) await folder.remove()
console.log(JSON.stringify(result))
process.exitCode = isRight ? 0 : 1
