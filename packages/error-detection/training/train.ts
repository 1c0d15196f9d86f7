/**
 * `pnpm --filter @workers-builds/error-detection run train FILE…`: fits the model that finds the
 * decisive line on labelled logs and the recorded fixtures, writes `src/localise/weights.json`, and
 * says how good models are on logs that they were not fitted on.
 *
 *     --dry-run     only prints the figures
 *     --groups      prints them without each group of features as well, which takes minutes
 *
 * A file has one log a line:
 * `{"id":…, "lines":[…], "stage":"build"|…|"none", "key_lines":[…], "cause_shown"?:false}`.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Model } from '../src/localise/model.ts'
import { fit } from './fit.ts'
import type { LabelledLog } from './labelled-logs.ts'
import { FIXTURES, logsOfFile, logsOfFixtures } from './labelled-logs.ts'
import { outrankingIn } from './outranked.ts'
import type { Figures } from './validate.ts'
import { crossValidate, leaveSourceOut, sumOf } from './validate.ts'

const WEIGHTS = new URL('../src/localise/weights.json', import.meta.url)
const USAGE =
  'usage: pnpm --filter @workers-builds/error-detection run train FILE… [--dry-run] [--groups]'

function main(): number {
  const { values, positionals } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      groups: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  if (positionals.length === 0) {
    console.error(USAGE)
    return 2
  }
  const logs = [...positionals.flatMap(logsOfFile), ...logsOfFixtures()]
  const model = fit(logs)
  console.log(`${logs.length} logs, ${Object.keys(model.weights).length} features`)

  if (positionals.length > 1) {
    const bySource = leaveSourceOut(logs)
    for (const [source, figures] of bySource)
      console.log(row(`without ${basename(source)}, on it`, figures))
    console.log(row('all of these', sumOf(bySource.values())))
    if (values.groups) showGroups(logs, model)
  }
  console.log(row('five parts', crossValidate(logs)))
  if (!values['dry-run']) writeFileSync(WEIGHTS, textOf(model, logs))
  return 0
}

function showGroups(logs: readonly LabelledLog[], { weights }: Model): void {
  const groups = new Set(Object.keys(weights).map(groupOf))
  for (const group of groups) {
    const figures = leaveSourceOut(logs, (name) => groupOf(name) === group)
    console.log(row(`all of these, without ${group}.…`, sumOf(figures.values())))
  }
}

function groupOf(name: string): string {
  return name.slice(0, name.indexOf('.'))
}

function row(title: string, { failed, clean, ...counts }: Figures): string {
  const share = (count: number) => `${((100 * count) / failed).toFixed(1)} %`
  return [
    title.padEnd(36),
    `right line first ${share(counts.firstRight)}`,
    `among three ${share(counts.amongThree)}`,
    `explained ${share(counts.explained)}`,
    `${counts.flagged} of ${clean} clean ones flagged`,
  ].join('  ')
}

/** The model as a file that a person can read: the weightiest features first. */
function textOf({ weights, reliability }: Model, logs: readonly LabelledLog[]): string {
  const sources = new Map<string, number>()
  for (const { source } of logs) {
    const name = source === FIXTURES ? source : basename(source)
    sources.set(name, (sources.get(name) ?? 0) + 1)
  }
  const sorted = Object.entries(weights)
    .map(([name, weight]) => [name, Number(weight.toFixed(3))] as const)
    .filter(([, weight]) => weight !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const counted = Object.entries(reliability).sort(([a], [b]) => (a < b ? -1 : 1))
  const json = JSON.stringify(
    {
      trained_on: Object.fromEntries(sources),
      weights: Object.fromEntries(sorted),
      reliability: Object.fromEntries(counted),
      outranked: outrankingIn(logs),
    },
    null,
    2,
  )
  // A pair on one line, as Biome has it.
  return `${json.replace(/\[\s+(\d+),\s+(\d+)\s+\]/g, '[$1, $2]')}\n`
}

process.exitCode = main()
