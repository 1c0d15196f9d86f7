import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { constants, setPriority } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Command, Commands } from '../build-context.ts'
import type { ReachedLimits } from '../limits/reached-limits.ts'
import type { LineSplitter } from '../output/line-splitter.ts'
import type { LogBuffer } from '../output/log-buffer.ts'
import type { LogWriter } from '../output/log-writer.ts'
import { startForBuild } from './act-as-user.ts'
import { openOutputPipe } from './output-pipe.ts'

/** How long what a command left running may still write before it is killed. */
const LINGER_MS = 2_000

/** Something that we could not kill may hold the pipe: its end is not waited for any longer. */
const DRAIN_MS = 5_000

/** Commands take what runners, and the system that these report to, leave of the processor. */
const NICENESS = 10

/** From -1,000 to 1,000: where memory runs out, the kernel ends commands before their runner. */
const OOM_SCORE_ADJUSTMENT = '500'

/** Runs commands, one at a time, and leaves nothing of them behind. */
export class CommandRunner implements Commands {
  readonly #log: LogWriter
  readonly #buffer: LogBuffer
  readonly #pipeFolder: string
  readonly #limits: ReachedLimits
  readonly #killAll: () => Promise<unknown>
  readonly #signal: AbortSignal

  constructor(options: {
    log: LogWriter
    buffer: LogBuffer
    /** Where the output pipe is made. */
    pipeFolder: string
    /** Those of the host; what a failed command had reached is written to the log. */
    limits: ReachedLimits
    /** Ends every process of the build. */
    killAll: () => Promise<unknown>
    /** Aborted when the build has to end. */
    signal: AbortSignal
  }) {
    this.#log = options.log
    this.#buffer = options.buffer
    this.#pipeFolder = options.pipeFolder
    this.#limits = options.limits
    this.#killAll = options.killAll
    this.#signal = options.signal
  }

  async run(command: Command): Promise<number> {
    this.#signal.throwIfAborted()
    await this.#limits.begin(command.limits)
    const pipe = await openOutputPipe(this.#pipeFolder)
    const child = startForBuild((ids) =>
      startExpendable(() =>
        spawn(command.argv[0], command.argv.slice(1), {
          ...ids,
          cwd: command.folder,
          env: command.environment,
          stdio: ['ignore', pipe.writer, pipe.writer],
          detached: true,
        }),
      ),
    )
    pipe.closeWriter()
    giveWay(child)
    const output = this.#readOutput(pipe.reader, command.output ?? this.#log.lines())
    output.catch(() => {}) // it is awaited below; until then a failure is not unhandled
    let exitCode: number
    try {
      exitCode = await this.#exitCode(child)
    } finally {
      await Promise.race([output, delay(this.#signal.aborted ? 0 : LINGER_MS)])
      await this.#killAll()
      await this.#drain(output)
      pipe.reader.destroy()
    }
    for (const sentence of await this.#limits.sentences(exitCode)) this.#log.fixedSentence(sentence)
    return exitCode
  }

  async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#signal }).catch(() => this.#signal.throwIfAborted())
  }

  async #exitCode(child: ChildProcess): Promise<number> {
    try {
      const [code, signal] = await once(child, 'exit', { signal: this.#signal })
      return code ?? 128 + constants.signals[signal as NodeJS.Signals]
    } catch (error) {
      this.#signal.throwIfAborted()
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') this.#log.sentence`${child.spawnfile}: command not found`
      else this.#log.sentence`${child.spawnfile}: ${message}`
      return 127
    }
  }

  /** While the control plane is away and the buffer full, the end of the output waits with it. */
  async #drain(output: Promise<void>): Promise<void> {
    const isOver = output.then(() => true)
    for (;;) {
      const givenUp = delay(DRAIN_MS, this.#signal.aborted || !this.#buffer.isFull)
      if (await Promise.race([isOver, givenUp])) return
    }
  }

  async #readOutput(reader: Socket, lines: LineSplitter): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of reader) {
        const text = decoder.decode(chunk, { stream: true })
        this.#limits.readOutput(text)
        lines.push(text)
        // Not reading on lets the pipe fill up, and the command wait.
        while (this.#buffer.isFull) await once(this.#buffer, 'room', { signal: this.#signal })
      }
      lines.push(decoder.decode())
    } catch (error) {
      if (!this.#signal.aborted && !reader.destroyed) throw error
    }
    lines.end()
  }
}

/** All that it starts inherits that; what it started in its first moment may not have. */
function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS)
  } catch {
    // It is over already.
  }
}

const OWN_ADJUSTMENT = '/proc/self/oom_score_adj'

/** Calls `start`; what it starts has the adjustment from its first moment, and so all of its own. */
function startExpendable<Started>(start: () => Started): Started {
  if (process.platform !== 'linux') return start()
  const own = readFileSync(OWN_ADJUSTMENT, 'utf8')
  adjust(OOM_SCORE_ADJUSTMENT)
  try {
    return start()
  } finally {
    adjust(own)
  }
}

/** Where that is not allowed, the kernel chooses as it would. */
function adjust(score: string): void {
  try {
    writeFileSync(OWN_ADJUSTMENT, score)
  } catch {
    // See above.
  }
}
