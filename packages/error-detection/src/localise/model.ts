/**
 * The model that ranks lines: a weight for each feature. `weights.json` is written by the training
 * command; a person can read there which feature counts how much.
 *
 * @module
 */
import type { Measured, Reliability } from './features.ts'
import { measure } from './features.ts'
import weights from './weights.json' with { type: 'json' }

export interface Model {
  /** How much one unit of a feature adds to a line's score. */
  weights: Readonly<Record<string, number>>
  reliability: Reliability
}

export const MODEL: Model = weights

/** How much the line at `index` looks like the answer, compared with other lines of its log. */
export function scoreOf(
  { weights, reliability }: Model,
  { view, log }: Omit<Measured, 'table'>,
  index: number,
): number {
  let score = 0
  measure({ view, log, table: reliability }, index, (name, value) => {
    score += (weights[name] ?? 0) * value
  })
  return score
}
