import { EventEmitter } from 'node:events'
import type { LogLine, RunnerLogFlush } from '@workers-builds/contracts'
import { MAX_FLUSH_LINES } from '@workers-builds/contracts'

/** The approximate size of a flush, in bytes of JSON. */
const MAX_FLUSH_BYTES = 512 * 1024

/**
 * The most that may wait for the control plane. From there on the output of commands is not read: they
 * stand still as soon as their pipe is full, until the control plane is back.
 */
const MAX_WAITING_BYTES = 16 * 1024 * 1024
const MAX_WAITING_LINES = 100_000

/**
 * The lines that the runner has written, counted from 0, until the control plane has them. The
 * last flush is kept a while longer, for a control plane that asks for it again.
 *
 * Events: `lines` when a line was added, `room` when lines were acknowledged.
 */
export class LogBuffer extends EventEmitter<{ lines: []; room: [] }> {
  #lines: { line: LogLine; bytes: number }[] = []
  /** Ordinal of `#lines[0]`. */
  #firstKept = 0
  /** Ordinal of the first line that the control plane has not acknowledged. */
  #nextToSend = 0
  #waitingBytes = 0

  append(line: LogLine): void {
    const bytes = Buffer.byteLength(JSON.stringify(line))
    this.#lines.push({ line, bytes })
    this.#waitingBytes += bytes
    this.emit('lines')
  }

  /** How many lines were written in all. */
  get lineCount(): number {
    return this.#firstKept + this.#lines.length
  }

  get waitingLines(): number {
    return this.lineCount - this.#nextToSend
  }

  /** Whether enough is waiting to be sent at once. */
  get isFlushFull(): boolean {
    return this.waitingLines >= MAX_FLUSH_LINES || this.#waitingBytes >= MAX_FLUSH_BYTES
  }

  /** Whether nothing more should be added before some of it was acknowledged. */
  get isFull(): boolean {
    return this.#waitingBytes >= MAX_WAITING_BYTES || this.waitingLines >= MAX_WAITING_LINES
  }

  /** The next lines to send; undefined when none waits. */
  nextFlush(): RunnerLogFlush | undefined {
    const start = this.#nextToSend - this.#firstKept
    const lines: LogLine[] = []
    let bytes = 0
    for (const entry of this.#lines.slice(start, start + MAX_FLUSH_LINES)) {
      if (lines.length > 0 && bytes + entry.bytes > MAX_FLUSH_BYTES) break
      lines.push(entry.line)
      bytes += entry.bytes
    }
    return lines.length === 0 ? undefined : { v: 1, first_line: this.#nextToSend, lines }
  }

  /**
   * The control plane has all lines before `next_runner_line` and wants to go on from there. Throws
   * a RangeError when that line was never written or is not kept any more.
   */
  acknowledge(next_runner_line: number): void {
    if (next_runner_line < this.#firstKept || next_runner_line > this.lineCount) {
      throw new RangeError(
        `The control plane asks for line ${next_runner_line}; there are ${this.#firstKept} to ${this.lineCount}`,
      )
    }
    // Normally forward; backward when the control plane wants lines again.
    this.#waitingBytes -= this.#bytesOf(this.#nextToSend, next_runner_line)
    this.#waitingBytes += this.#bytesOf(next_runner_line, this.#nextToSend)
    this.#nextToSend = next_runner_line
    const spare = Math.max(0, next_runner_line - this.#firstKept - MAX_FLUSH_LINES)
    this.#lines.splice(0, spare)
    this.#firstKept += spare
    this.emit('room')
  }

  /** Bytes of the lines from `from` up to, not including, `to`; 0 when `to` comes first. */
  #bytesOf(from: number, to: number): number {
    return this.#lines
      .slice(from - this.#firstKept, to - this.#firstKept)
      .reduce((sum, { bytes }) => sum + bytes, 0)
  }
}
