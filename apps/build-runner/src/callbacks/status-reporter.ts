import type {
  BuildSpec,
  BuildStep,
  Deployment,
  RunnerFailureReason,
  RunnerStatusUpdate,
} from '@workers-builds/contracts'
import type { ControlPlaneClient } from './control-plane-client.ts'

/** How a build ended, as the runner sees it. */
export type Outcome =
  | { build_outcome: 'success'; failure_reason: null; exit_code: null }
  | { build_outcome: 'fail'; failure_reason: RunnerFailureReason; exit_code: number | null }

type Update = RunnerStatusUpdate extends infer Variant
  ? Variant extends unknown
    ? Omit<Variant, 'v' | 'seq'>
    : never
  : never

/** Reports the build's status to the control plane. Only the latest status is sent. */
export class StatusReporter {
  readonly #client: ControlPlaneClient
  /** How often it promises to call back. */
  readonly #heartbeat_seconds: number
  #seq = 0
  #latest: RunnerStatusUpdate | undefined
  #sending: Promise<void> = Promise.resolve()
  /** Statuses that are on their way. */
  #underWay = 0

  constructor(
    client: ControlPlaneClient,
    { heartbeat_seconds }: Pick<BuildSpec, 'heartbeat_seconds'>,
  ) {
    this.#heartbeat_seconds = heartbeat_seconds
    this.#client = client
  }

  /** Resolves when this update, or a later one, was accepted. */
  running(steps: BuildStep[]): Promise<void> {
    return this.#report({ status: 'running', steps, heartbeat_seconds: this.#heartbeat_seconds })
  }

  /** Sends the latest status again, unless one is on its way: a sign that the runner lives. */
  async repeat(): Promise<void> {
    if (this.#latest !== undefined && this.#underWay === 0) await this.#send(this.#latest)
  }

  /** Resolves when the control plane knows that the build is over. */
  stopped(
    outcome: Outcome & {
      steps: BuildStep[]
      line_count: number
      deployment: Deployment | null
      warnings: string[]
    },
  ): Promise<void> {
    return this.#report({ status: 'stopped', ...outcome })
  }

  #report(update: Update): Promise<void> {
    const mine: RunnerStatusUpdate = { v: 1, seq: this.#seq++, ...update }
    this.#latest = mine
    return this.#send(mine)
  }

  #send(update: RunnerStatusUpdate): Promise<void> {
    this.#underWay++
    this.#sending = this.#sending
      .then(async () => {
        if (this.#latest?.seq !== update.seq) return // a later update is already in the queue
        await this.#client.sendStatus(() => this.#latest ?? update)
      })
      .finally(() => {
        this.#underWay--
      })
    return this.#sending
  }
}
