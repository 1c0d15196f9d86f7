import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { BuildSpec } from '@workers-builds/contracts'
import type { ProcessSelection } from '@workers-builds/process-tree'
import {
  anyOf,
  descendantsOf,
  killProcesses,
  ownedBy,
  startedWith,
  workingBelow,
} from '@workers-builds/process-tree'
import type { BuildFolder } from './build-folder.ts'
import { removeFolder } from './remove-folder.ts'

/** How long a runner that was told to end may take to do so by itself. */
const GRACE_MS = 5_000

/** A build that runs: its runner, and all that this started. */
export class BuildProcess {
  /** Resolves when nothing of the build is left, neither a process nor a file. */
  readonly gone: Promise<void>
  readonly #child: ChildProcess
  readonly #all: ProcessSelection

  constructor(options: {
    spec: BuildSpec
    folder: BuildFolder
    command: string[]
    environment: Record<string, string>
    /** The user that the command runs the build as; ours when undefined. */
    uid: number | undefined
    /** Takes what the runner itself has to say. */
    log: (line: string) => void
  }) {
    const { spec, folder, command, environment, uid, log } = options
    const [program = '', ...args] = command
    this.#child = spawn(program, args, {
      cwd: folder.home,
      env: environment,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    this.#all = anyOf(
      // A program that could not be started has no id, and no descendants.
      ...(this.#child.pid === undefined ? [] : [descendantsOf(this.#child.pid)]),
      startedWith(`WORKERS_CI_BUILD_UUID=${spec.build_uuid}`),
      workingBelow(folder.path),
      ...(uid !== undefined ? [ownedBy(uid)] : []),
    )
    if (this.#child.stderr) createInterface(this.#child.stderr).on('line', log)
    const exited = once(this.#child, 'exit').catch((error) => log(`could not be started: ${error}`))
    this.gone = this.#cleanUp(exited, folder).catch((error) =>
      log(`could not be cleaned up: ${error}`),
    )
    // The pipe breaks when the runner dies first; its end is noticed anyway.
    this.#child.stdin?.on('error', () => {})
    // It stays open: its end tells the runner that we are gone.
    this.#child.stdin?.write(`${JSON.stringify(spec)}\n`)
  }

  /** Ends the build. Resolves when nothing of it is left. */
  async end(): Promise<void> {
    this.#child.kill('SIGTERM')
    const late = new AbortController()
    const kill = async () => {
      await delay(GRACE_MS, undefined, { signal: late.signal })
      this.#child.kill('SIGKILL')
    }
    kill().catch(() => {}) // it ended in time
    await this.gone
    late.abort()
  }

  async #cleanUp(exited: Promise<unknown>, folder: BuildFolder): Promise<void> {
    await exited
    await killProcesses(this.#all)
    await removeFolder(folder.path)
  }
}
