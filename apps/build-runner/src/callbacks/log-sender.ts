import type { LogBuffer } from '../output/log-buffer.ts'
import type { ControlPlaneClient } from './control-plane-client.ts'
import { CallbackRefused } from './control-plane-client.ts'
import { FlushPace } from './flush-pace.ts'

/** Sends what is in the buffer, at `FlushPace` or when enough is waiting, one flush at a time. */
export class LogSender {
  readonly #buffer: LogBuffer
  readonly #client: ControlPlaneClient
  readonly #pace = new FlushPace()
  /** When the first and the last of the lines that wait were written, by `performance.now()`. */
  #waiting: { first: number; last: number } | undefined
  #isClosed = false
  #wakeUp = () => {}

  constructor({ buffer, client }: { buffer: LogBuffer; client: ControlPlaneClient }) {
    this.#buffer = buffer
    this.#client = client
    buffer.on('lines', () => this.#onLine())
  }

  /**
   * Runs until it was closed and every line is acknowledged. Throws CallbackRefused when the
   * control plane wants no more lines.
   */
  async run(): Promise<void> {
    for (;;) {
      await this.#untilDue()
      const flush = this.#buffer.nextFlush()
      if (flush === undefined) return
      this.#pace.flushed(performance.now())
      const next_runner_line = await this.#client.sendLines(flush)
      try {
        this.#buffer.acknowledge(next_runner_line)
      } catch (error) {
        throw new CallbackRefused('The control plane asks for lines that are not there', {
          cause: error,
        })
      }
      const now = performance.now()
      this.#waiting = this.#buffer.waitingLines === 0 ? undefined : { first: now, last: now }
    }
  }

  /** No more lines come: what waits is sent at once. */
  close(): void {
    this.#isClosed = true
    this.#wakeUp()
  }

  #onLine(): void {
    const now = performance.now()
    const isFirst = this.#waiting === undefined
    this.#waiting = { first: this.#waiting?.first ?? now, last: now }
    if (isFirst || this.#buffer.isFlushFull) this.#wakeUp()
  }

  async #untilDue(): Promise<void> {
    while (!this.#isClosed && !this.#buffer.isFlushFull) {
      if (this.#waiting === undefined) {
        await this.#sleep()
        continue
      }
      const ms = this.#pace.dueOn(this.#waiting) - performance.now()
      if (ms <= 0) return
      await this.#sleep(ms)
    }
  }

  /** Waits this long (without a time: for as long as it takes), or until there is something to do. */
  async #sleep(ms?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wakeUp = resolve
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
    await promise
    clearTimeout(timer)
  }
}
