import { once } from 'node:events'
import type { LogBuffer } from '../output/log-buffer.ts'
import type { ControlPlaneClient } from './control-plane-client.ts'
import { CallbackRefused } from './control-plane-client.ts'

/** Lines wait at most this long before they are sent. */
const FLUSH_INTERVAL_MS = 1_000

/** Sends what is in the buffer, once a second or when enough is waiting, one flush at a time. */
export class LogSender {
  readonly #buffer: LogBuffer
  readonly #client: ControlPlaneClient
  readonly #closed = new AbortController()
  #lastFlushOn = 0

  constructor({ buffer, client }: { buffer: LogBuffer; client: ControlPlaneClient }) {
    this.#buffer = buffer
    this.#client = client
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
      this.#lastFlushOn = Date.now()
      const next_runner_line = await this.#client.sendLines(flush)
      try {
        this.#buffer.acknowledge(next_runner_line)
      } catch (error) {
        throw new CallbackRefused('The control plane asks for lines that are not there', {
          cause: error,
        })
      }
    }
  }

  /** No more lines come: what waits is sent at once. */
  close(): void {
    this.#closed.abort()
  }

  async #untilDue(): Promise<void> {
    const { signal } = this.#closed
    while (!signal.aborted && this.#buffer.waitingLines === 0) await this.#nextLine(signal)
    const interval = AbortSignal.timeout(
      Math.max(0, this.#lastFlushOn + FLUSH_INTERVAL_MS - Date.now()),
    )
    const due = AbortSignal.any([signal, interval])
    while (!due.aborted && !this.#buffer.isFlushFull) await this.#nextLine(due)
  }

  async #nextLine(signal: AbortSignal): Promise<void> {
    try {
      await once(this.#buffer, 'lines', { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
