import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A look may take this part of the time. */
const SHARE = 1 / 20

interface Watched {
  folders: string[]
  onOver: () => Promise<void>
}

/** Starts a program with the rights that it needs to see all files. */
type Start = <Started>(start: () => Started) => Started

/**
 * Looks from time to time how much the files of each build take, all builds in one look. File
 * systems can bound that themselves only where the machine was set up for it.
 */
export class DiskWatch {
  readonly #maxBytes: number
  readonly #intervalMs: number
  readonly #warn: (warning: string) => void
  readonly #startProgram: Start
  readonly #watched = new Set<Watched>()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false

  constructor(options: {
    /** The most that the folders of one build may take together. */
    maxBytes: number
    /** Between two looks (ms); longer where a look takes long. */
    intervalMs: number
    warn: (warning: string) => void
    /** With this process' own rights unless given. */
    startProgram?: Start
  }) {
    this.#maxBytes = options.maxBytes
    this.#intervalMs = options.intervalMs
    this.#warn = options.warn
    this.#startProgram = options.startProgram ?? ((start) => start())
  }

  /** Calls `onOver` each time the folders are seen to take too much; answers with what ends that. */
  add(watched: Watched): () => void {
    this.#watched.add(watched)
    if (this.#timer === undefined && !this.#isLooking) this.#lookIn(this.#intervalMs)
    return () => {
      this.#watched.delete(watched)
      if (this.#watched.size > 0) return
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  #lookIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#isLooking = true
      const begun = Date.now()
      void this.#look()
        .catch((error) => this.#warn(`the disk that builds use cannot be measured: ${error}`))
        .then(() => {
          this.#isLooking = false
          const tookMs = Date.now() - begun
          if (this.#watched.size > 0) this.#lookIn(Math.max(this.#intervalMs, tookMs / SHARE))
        })
    }, ms)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    const watched = [...this.#watched]
    const sizes = await this.#startProgram(() =>
      diskUsage(watched.flatMap(({ folders }) => folders)),
    )
    for (const build of watched) {
      const bytes = build.folders.reduce((sum, folder) => sum + (sizes.get(folder) ?? 0), 0)
      if (bytes > this.#maxBytes && this.#watched.has(build)) await build.onOver()
    }
  }
}

/**
 * The bytes on disk of what is in each folder; a file with two names counts once. The program is started
 * before this returns.
 */
async function diskUsage(folders: string[]): Promise<Map<string, number>> {
  const { stdout } = await promisify(execFile)('du', ['-skx', '--', ...folders], {
    env: { PATH: '/usr/bin:/bin' },
    maxBuffer: 2 ** 26,
  }).catch((error) => {
    // A build changes its files while they are counted, and du complains of each that is gone.
    if (typeof error.stdout === 'string' && error.code === 1) return { stdout: error.stdout }
    throw error
  })
  const lines: string[] = stdout.split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [kilobytes = '', path] = line.split('\t')
      return path === undefined ? [] : [[path, Number(kilobytes) * 1_024] as const]
    }),
  )
}
