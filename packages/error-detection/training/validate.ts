/**
 * How good a model is on logs that it was not fitted on.
 *
 * @module
 */
import { rank } from '../src/localise/localise.ts'
import type { Model } from '../src/localise/model.ts'
import { saysThatItFailed } from '../src/localise/verdict.ts'
import type { Without } from './fit.ts'
import { fit } from './fit.ts'
import type { LabelledLog } from './labelled-logs.ts'
import { FIXTURES } from './labelled-logs.ts'

/** Counts of logs. */
export interface Figures {
  failed: number
  /** The first line is a decisive one, or right beside it. */
  firstRight: number
  /** One of the first three is. */
  amongThree: number
  /** Taken for a failure, of those that failed. */
  explained: number
  clean: number
  /** Taken for a failure, of those that did not fail. */
  flagged: number
}

const NONE: Figures = {
  failed: 0,
  firstRight: 0,
  amongThree: 0,
  explained: 0,
  clean: 0,
  flagged: 0,
}

/** Fits on all sources but one, and tries the model on that one: for each of them but the fixtures. */
export function leaveSourceOut(
  logs: readonly LabelledLog[],
  without?: Without,
): Map<string, Figures> {
  const sources = [...new Set(logs.map(({ source }) => source))].filter((s) => s !== FIXTURES)
  return new Map(
    sources.map((source) => {
      const model = fit(
        logs.filter((log) => log.source !== source),
        without,
      )
      return [
        source,
        tryOn(
          model,
          logs.filter((log) => log.source === source),
        ),
      ]
    }),
  )
}

/** Fits on all but each fifth of the logs, and tries the model on that fifth. */
export function crossValidate(logs: readonly LabelledLog[], folds = 5): Figures {
  const parts = Array.from({ length: folds }, (_, fold) => {
    const model = fit(logs.filter((_, index) => index % folds !== fold))
    const rest = logs.filter((_, index) => index % folds === fold)
    return tryOn(
      model,
      rest.filter(({ source }) => source !== FIXTURES),
    )
  })
  return sumOf(parts)
}

export function sumOf(parts: Iterable<Figures>): Figures {
  const sum = { ...NONE }
  for (const part of parts) {
    for (const name of Object.keys(NONE) as (keyof Figures)[]) sum[name] += part[name]
  }
  return sum
}

/** What `model` makes of `logs`. */
export function tryOn(model: Model, logs: readonly LabelledLog[]): Figures {
  return sumOf(logs.map((log) => figuresOf(model, log)))
}

function figuresOf(model: Model, log: LabelledLog): Figures {
  const { view, survey, decisive } = log
  const ranked = rank(model, { view, log: survey })
  const isRight = (index: number) => {
    const line = view.lines[index]?.line ?? -2
    return [line - 1, line, line + 1].some((at) => decisive.has(at))
  }
  const [top] = ranked
  const taken = Number(top !== undefined && saysThatItFailed(view, survey, top))
  if (!log.failed) return { ...NONE, clean: 1, flagged: taken }
  return {
    ...NONE,
    failed: 1,
    firstRight: Number(ranked.slice(0, 1).some(isRight)),
    amongThree: Number(ranked.slice(0, 3).some(isRight)),
    explained: taken,
  }
}
