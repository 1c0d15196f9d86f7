/** The steps of a build, found by the sentences with which its runner begins each. */
import type { Step } from '@workers-builds/contracts'

export type Section = {
  step: Step
  title: string
  /** Index of its first line, and of the line after its last. */
  first: number
  end: number
}

const BEGINNINGS: [RegExp, Step, string][] = [
  [/^Initializing build environment\.\.\.$/, 'initializing', 'Initialize'],
  [/^Cloning repository\.\.\.$/, 'cloning', 'Clone'],
  [
    /^(?:Detected the following tools|Installing (?:tools and|project) dependencies)/,
    'installing',
    'Install',
  ],
  [/^Executing user build command: /, 'building', 'Build'],
  [/^Executing user deploy command: /, 'deploying', 'Deploy'],
]

/** Steps come in one order, so that a program that prints such a sentence begins no earlier one again. */
export function sectionsOf(texts: readonly string[]): Section[] {
  const sections: Section[] = []
  let next = 0
  for (const [index, text] of texts.entries()) {
    const at = BEGINNINGS.findIndex(([beginning], i) => i >= next && beginning.test(text))
    const [, step, title] = BEGINNINGS[at] ?? []
    if (step === undefined || title === undefined) continue
    const before = sections.at(-1)
    if (before !== undefined) before.end = index
    sections.push({ step, title, first: sections.length === 0 ? 0 : index, end: texts.length })
    next = at + 1
  }
  return sections
}
