import { readFile } from 'node:fs/promises'
import { type BuildLimit, BuildLimits } from '@workers-builds/contracts'

/** No symptom is longer: one that begins in one piece of output may end in the next. */
const LONGEST_SYMPTOM = 64

/** Finds out which limits of its host a command that failed had reached. */
export class ReachedLimits {
  readonly #limits: BuildLimits
  readonly #symptoms: { limit: BuildLimit; pattern: RegExp }[]
  readonly #shown = new Set<BuildLimit>()
  readonly #counts = new Map<BuildLimit, number>()
  #lastOutput = ''

  constructor(limits: BuildLimits) {
    this.#limits = limits
    this.#symptoms = limits.flatMap((limit) =>
      limit.symptom === null ? [] : [{ limit, pattern: new RegExp(limit.symptom) }],
    )
  }

  /** The limits in `file`, which the host wrote; none without a file. */
  static async read(file: string | undefined): Promise<ReachedLimits> {
    const text = file === undefined ? '[]' : await readFile(file, 'utf8')
    return new ReachedLimits(BuildLimits.parse(JSON.parse(text)))
  }

  /** Begins anew: what is found from here on belongs to the command that begins now. */
  async begin(): Promise<void> {
    this.#shown.clear()
    this.#lastOutput = ''
    for (const limit of this.#limits) this.#counts.set(limit, await readCounter(limit))
  }

  /** Looks at the next piece of what the command wrote. */
  readOutput(piece: string): void {
    const text = this.#lastOutput + piece
    for (const { limit, pattern } of this.#symptoms) {
      if (pattern.test(text)) this.#shown.add(limit)
    }
    this.#lastOutput = text.slice(-LONGEST_SYMPTOM)
  }

  /** What the log has to say of a command that ended with `exit_code`. */
  async sentences(exit_code: number): Promise<string[]> {
    if (exit_code === 0) return []
    const found: string[] = []
    for (const limit of this.#limits) {
      const grew = (await readCounter(limit)) > (this.#counts.get(limit) ?? 0)
      const isReached = grew || this.#shown.has(limit) || exit_code === limit.exit_code
      if (isReached) found.push(limit.sentence)
    }
    return found
  }
}

/** 0 where there is no such file yet. */
async function readCounter({ counter }: BuildLimit): Promise<number> {
  if (counter === null) return 0
  const text = await readFile(counter.file, 'utf8').catch(() => '')
  const line = text.split('\n').find((each) => each.startsWith(`${counter.key} `))
  return Number(line?.slice(counter.key.length + 1) ?? 0)
}
