import type { BuildStep, Step } from '@workers-builds/contracts'

/** Keeps the times and exit codes of the steps that the build takes. */
export class StepRecorder {
  readonly #steps: BuildStep[] = []

  begin(step: Step): void {
    this.#steps.push({ step, started_on: Date.now(), ended_on: null, exit_code: null })
  }

  /** Ends the step under way, if there is one. */
  end(exit_code: number | null): void {
    const step = this.#steps.at(-1)
    if (step === undefined || step.ended_on !== null) return
    step.ended_on = Math.max(step.started_on, Date.now())
    step.exit_code = exit_code
  }

  all(): BuildStep[] {
    return this.#steps.map((step) => ({ ...step }))
  }
}
