/**
 * Follows which step of the build the lines of a log belong to, and which tools the step has shown
 * to run.
 *
 * @module
 */
import type { Step } from '@workers-builds/contracts'
import type { AnyLine } from './lines.ts'
import { stepOf } from './lines.ts'

const STEPS: readonly Step[] = ['initializing', 'cloning', 'installing', 'building', 'deploying']

export interface StepChange {
  /** The place in its page of the first line of the step. */
  index: number
  /** The step is later than the one before. */
  advances: boolean
}

export interface StepTracker {
  /** Takes up the next line; true when a later step than that of the lines before begins with it. */
  follow(line: AnyLine): boolean
  /** Where in `page`, the next lines, other steps than before begin, in their order. */
  changesIn(page: readonly AnyLine[]): StepChange[]
  /** The step of `line`: the stored one, or else the one that the lines before it announce. */
  stepAt(line: AnyLine): Step | null
  /** A line announces that `step` begins, for logs that do not store steps. */
  announce(step: Step): void
  /** A line shows that `tool` runs in the present step. */
  show(tool: string): void
  /** The tools that the present step has shown to run. */
  running: ReadonlySet<string>
}

export function createStepTracker(): StepTracker {
  const running = new Set<string>()
  let stored: Step | null = null
  let announced: Step | null = null
  return {
    running,
    follow(line) {
      const step = stepOf(line)
      if (step === null || step === stored) return false
      const advances = isLater(step, stored)
      stored = step
      running.clear()
      return advances
    },
    changesIn(page) {
      const changes: StepChange[] = []
      let current = stored
      for (let index = 0; index < page.length; index++) {
        const step = stepOf(page[index] as AnyLine)
        if (step === null || step === current) continue
        changes.push({ index, advances: isLater(step, current) })
        current = step
      }
      return changes
    },
    stepAt: (line) => stepOf(line) ?? announced,
    announce(step) {
      announced = step
      running.clear()
    },
    show(tool) {
      running.add(tool)
    },
  }
}

function isLater(step: Step, than: Step | null): boolean {
  return than !== null && STEPS.indexOf(step) > STEPS.indexOf(than)
}
