/**
 * The model that ranks lines: a weight for each feature. `weights.json` is written by the training
 * command; a person can read there which feature counts how much.
 *
 * @module
 */
import type { Features, Reliability } from './features.ts'
import weights from './weights.json' with { type: 'json' }

export interface Model {
  /** How much one unit of a feature adds to a line's score. */
  weights: Readonly<Record<string, number>>
  reliability: Reliability
}

export const MODEL: Model = weights

/** How much a line looks like the answer, compared with other lines of its log. */
export function scoreOf({ weights }: Model, features: Features): number {
  let score = 0
  for (const name in features) score += (weights[name] ?? 0) * (features[name] as number)
  return score
}
