/**
 * Fits the model: how reliable each signature is, and a weight for each feature, so that the
 * softmax over a log's lines falls on the decisive ones. Deterministic: no random start, no sampling.
 *
 * @module
 */
import type { Measured } from '../src/localise/features.ts'
import { measure } from '../src/localise/features.ts'
import { rankOf } from '../src/localise/line-kinds.ts'
import type { Model } from '../src/localise/model.ts'
import type { LabelledLog } from './labelled-logs.ts'
import { FIXTURES } from './labelled-logs.ts'

/** Penalty on the squares of the weights of standardised features. */
const PENALTY = 20
const STEPS = 300
const RATE = 0.03
/** A fixture counts less than a log that people met: its project was made to fail in one way. */
const WEIGHT_OF_FIXTURE = 0.3
/** Reliabilities of a training log are counted in the other parts, or they would know its answer. */
const PARTS = 5
/** Keeps features that are almost always the same from weighing too much. */
const MIN_DEVIATION = 0.02

/** Leaves features out, by their names. */
export type Without = (name: string) => boolean

/** The model of `logs`. */
export function fit(logs: readonly LabelledLog[], without: Without = () => false): Model {
  return { weights: weightsOf(examplesOf(logs), without), reliability: reliabilityOf(logs) }
}

function reliabilityOf(logs: readonly LabelledLog[]): Record<string, [number, number]> {
  const counts: Record<string, [number, number]> = {}
  for (const { view, decisive } of logs) {
    for (const [index, { line }] of view.lines.entries()) {
      const read = view.at(index)
      if (!read.match) continue
      for (const key of [read.match.signature.id, `rank:${rankOf(read)}`]) {
        const count = counts[key] ?? [0, 0]
        counts[key] = [count[0] + (decisive.has(line) ? 1 : 0), count[1] + 1]
      }
    }
  }
  return counts
}

/** By their names; what is not there is 0. */
export type Features = Readonly<Record<string, number>>

export function featuresOf(measured: Measured, index: number): Features {
  const features: Record<string, number> = {}
  measure(measured, index, (name, value) => {
    features[name] = value
  })
  return features
}

interface Example {
  /** Of each line that can be the answer. */
  rows: { features: Features; isDecisive: boolean }[]
  weight: number
}

function examplesOf(logs: readonly LabelledLog[]): Example[] {
  const examples: Example[] = []
  for (let part = 0; part < PARTS; part++) {
    const table = reliabilityOf(logs.filter((_, index) => index % PARTS !== part))
    for (const log of logs.filter((_, index) => index % PARTS === part)) {
      const { view, survey, decisive, source } = log
      const rows = survey.candidates.map((index) => ({
        features: featuresOf({ view, log: survey, table }, index),
        isDecisive: decisive.has(view.lines[index]?.line ?? -1),
      }))
      if (!rows.some(({ isDecisive }) => isDecisive)) continue
      examples.push({ rows, weight: source === FIXTURES ? WEIGHT_OF_FIXTURE : 1 })
    }
  }
  return examples
}

function weightsOf(examples: readonly Example[], without: Without): Record<string, number> {
  const names = namesOf(examples).filter((name) => !without(name))
  const { tables, deviations } = standardise(examples, names)
  const weights = new Float64Array(names.length)
  const mean = new Float64Array(names.length)
  const square = new Float64Array(names.length)
  // Adam
  for (let step = 1; step <= STEPS; step++) {
    const gradient = weights.map((weight) => (PENALTY * weight) / examples.length)
    for (const [at, { rows, weight }] of examples.entries()) {
      addGradient({
        gradient,
        table: tables[at] ?? [],
        rows,
        weights,
        scale: weight / examples.length,
      })
    }
    for (let i = 0; i < names.length; i++) {
      const slope = gradient[i] as number
      mean[i] = 0.9 * (mean[i] as number) + 0.1 * slope
      square[i] = 0.999 * (square[i] as number) + 0.001 * slope * slope
      const direction = (mean[i] as number) / (1 - 0.9 ** step)
      const size = Math.sqrt((square[i] as number) / (1 - 0.999 ** step)) + 1e-8
      weights[i] = (weights[i] as number) - (RATE * direction) / size
    }
  }
  return Object.fromEntries(
    names.map((name, i) => [name, (weights[i] as number) / (deviations[i] as number)]),
  )
}

function namesOf(examples: readonly Example[]): string[] {
  const names = new Set<string>()
  for (const { rows } of examples) {
    for (const { features } of rows) for (const name in features) names.add(name)
  }
  return [...names].sort()
}

function standardise(examples: readonly Example[], names: readonly string[]) {
  const tables = examples.map(({ rows }) =>
    rows.map(({ features }) => Float64Array.from(names, (name) => features[name] ?? 0)),
  )
  const rows = tables.flat()
  const deviations = names.map((_, i) => {
    const mean = rows.reduce((sum, row) => sum + (row[i] as number), 0) / rows.length
    const variance =
      rows.reduce((sum, row) => sum + ((row[i] as number) - mean) ** 2, 0) / rows.length
    return Math.sqrt(variance) + MIN_DEVIATION
  })
  for (const row of rows) {
    for (let i = 0; i < names.length; i++) row[i] = (row[i] as number) / (deviations[i] as number)
  }
  return { tables, deviations }
}

interface Slope {
  gradient: Float64Array
  table: readonly Float64Array[]
  rows: Example['rows']
  weights: Float64Array
  scale: number
}

/** Adds the slope of one log: what the model says of each line, less what it should say. */
function addGradient({ gradient, table, rows, weights, scale }: Slope): void {
  const scores = table.map((row) => row.reduce((sum, x, i) => sum + x * (weights[i] as number), 0))
  const highest = Math.max(...scores)
  const shares = scores.map((score) => Math.exp(score - highest))
  const all = shares.reduce((sum, share) => sum + share, 0)
  const right = shares.reduce((sum, share, at) => sum + (rows[at]?.isDecisive ? share : 0), 0)
  for (const [at, row] of table.entries()) {
    const share = shares[at] as number
    const error = scale * (share / all - (rows[at]?.isDecisive ? share / right : 0))
    if (Math.abs(error) < 1e-9) continue
    for (let i = 0; i < row.length; i++) {
      gradient[i] = (gradient[i] as number) + error * (row[i] as number)
    }
  }
}
