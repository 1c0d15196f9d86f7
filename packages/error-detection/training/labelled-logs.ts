/**
 * Logs of which a person, or a recipe, says which lines are the decisive ones.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { RECIPES } from '../recipes/index.ts'
import type { Expected } from '../recipes/recipe.ts'
import { logName } from '../recipes/recipe.ts'
import { createScan } from '../src/engine/scan.ts'
import { knowledgeBase } from '../src/knowledge.ts'
import { linesOfInterest } from '../src/localise/passage.ts'
import type { Survey } from '../src/localise/survey.ts'
import { surveyOf } from '../src/localise/survey.ts'
import type { View } from '../src/localise/view.ts'
import { createView } from '../src/localise/view.ts'
import { unwrap } from '../src/localise/wrapped.ts'

/** A line of a file of labelled logs. */
const Record = z.object({
  id: z.string(),
  lines: z.array(z.string()),
  /** `none` for a log that reports no failure. */
  stage: z.string(),
  /** Every line that states the root cause. */
  key_lines: z.array(z.number()),
  /** False where the log does not show the cause. */
  cause_shown: z.boolean().optional(),
})

export interface LabelledLog {
  id: string
  /** Where it comes from: a file, or the recorded fixtures. */
  source: string
  failed: boolean
  /** Places in the log. */
  decisive: ReadonlySet<number>
  view: View
  survey: Survey
}

/** The source of the fixtures. */
export const FIXTURES = 'fixtures'

/** The logs of a file of JSON lines, without those that do not show their cause. */
export function logsOfFile(path: string): LabelledLog[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text, index) => parseRecord(text, `${path}:${index + 1}`))
    .filter(({ cause_shown }) => cause_shown !== false)
    .map(({ id, lines, stage, key_lines }) => ({
      id,
      source: path,
      failed: stage !== 'none',
      decisive: new Set(key_lines),
      ...read(lines),
    }))
}

function parseRecord(text: string, place: string): z.infer<typeof Record> {
  try {
    return Record.parse(JSON.parse(text))
  } catch (error) {
    throw new Error(
      `${place} is no labelled log: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/** The recorded fixtures: the decisive lines are those with the signature that the recipe expects. */
export function logsOfFixtures(): LabelledLog[] {
  return Object.entries(RECIPES).flatMap(([name, { tools, expected }]) =>
    tools.flatMap((tool) => {
      const id = logName(name, tool)
      const lines = readFileSync(new URL(`../fixtures/${id}`, import.meta.url), 'utf8').split('\n')
      const { view, survey } = read(lines)
      const decisive = new Set(expected === 'none' ? [] : decisiveLines(view, expected))
      const failed = expected !== 'none'
      if (failed && decisive.size === 0) return []
      return [{ id, source: FIXTURES, failed, decisive, view, survey }]
    }),
  )
}

function decisiveLines(view: View, { error_code, cause }: Expected): number[] {
  return view.lines
    .filter(
      ({ match }) => match?.signature.error_code === error_code && match.signature.cause === cause,
    )
    .map(({ line }) => line)
}

function read(lines: readonly string[]): Pick<LabelledLog, 'view' | 'survey'> {
  const knowledge = knowledgeBase()
  const scan = createScan(knowledge)
  scan.read(lines)
  const view = createView(knowledge, unwrap(knowledge, linesOfInterest(scan.view())))
  return { view, survey: surveyOf(view) }
}
