import type { BuildStep, RunnerFailureReason, RunnerStatusUpdate } from '@workers-builds/contracts'
import type { Callbacks } from './callbacks.ts'

/** How a build ended, as the runner sees it. */
export type Outcome =
  | { build_outcome: 'success'; failure_reason: null; exit_code: null }
  | { build_outcome: 'fail'; failure_reason: RunnerFailureReason; exit_code: number | null }

type Update = RunnerStatusUpdate extends infer Variant
  ? Variant extends unknown
    ? Omit<Variant, 'v' | 'seq'>
    : never
  : never

/** Tells the control plane how far the build is; only the latest word counts, so only it is sent. */
export class StatusReporter {
  readonly #callbacks: Callbacks
  #seq = 0
  #latest: RunnerStatusUpdate | undefined
  #sending: Promise<void> = Promise.resolve()

  constructor(callbacks: Callbacks) {
    this.#callbacks = callbacks
  }

  /** Resolves when this update, or a later one, was accepted. */
  running(steps: BuildStep[]): Promise<void> {
    return this.#report({ status: 'running', steps })
  }

  /** Resolves when the control plane knows that the build is over. */
  stopped(outcome: Outcome & { steps: BuildStep[]; line_count: number }): Promise<void> {
    return this.#report({ status: 'stopped', ...outcome })
  }

  #report(update: Update): Promise<void> {
    const mine: RunnerStatusUpdate = { v: 1, seq: this.#seq++, ...update }
    this.#latest = mine
    this.#sending = this.#sending.then(async () => {
      if (this.#latest?.seq !== mine.seq) return // a later update is already in the queue
      await this.#callbacks.sendStatus(() => this.#latest ?? mine)
    })
    return this.#sending
  }
}
