import { readFile } from 'node:fs/promises'
import { type BuildLimit, BuildLimits } from '@workers-builds/contracts'

/** No symptom is longer: one that begins in one piece of output may end in the next. */
const LONGEST_SYMPTOM = 128

/** Finds out which limits a command that failed had reached. */
export class ReachedLimits {
  readonly #ofBuild: BuildLimits
  /** Those of the build and of the command. */
  #limits: BuildLimits = []
  #symptoms: { limit: BuildLimit; pattern: RegExp }[] = []
  readonly #shown = new Set<BuildLimit>()
  readonly #counts = new Map<BuildLimit, number>()
  #lastOutput = ''

  constructor(limits: BuildLimits) {
    this.#ofBuild = limits
  }

  /** Begins anew: what is found from here on belongs to the command that begins now. */
  async begin(ofCommand: BuildLimits = []): Promise<void> {
    this.#limits = [...this.#ofBuild, ...ofCommand]
    this.#symptoms = this.#limits.flatMap((limit) =>
      limit.symptom === null ? [] : [{ limit, pattern: new RegExp(limit.symptom) }],
    )
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

  /** Records a limit of the build that the runner itself saw reached. */
  reach(limit: BuildLimit): void {
    this.#shown.add(limit)
  }

  /** What the log has to say of a command that ended with `exit_code`. */
  async sentences(exit_code: number): Promise<string[]> {
    if (exit_code === 0) return []
    const found: string[] = []
    for (const limit of this.#limits) {
      const grew = (await readCounter(limit)) > (this.#counts.get(limit) ?? 0)
      if (grew || this.#shown.has(limit)) found.push(limit.sentence)
    }
    if (found.length > 0) return found
    // A command may end with any code of its own choice: it speaks only where nothing else does.
    return this.#limits
      .filter((limit) => limit.exit_code === exit_code)
      .map(({ sentence }) => sentence)
  }
}

/** The limits in `file`, which the host wrote. */
export async function readLimitsFile(file: string): Promise<BuildLimits> {
  return BuildLimits.parse(JSON.parse(await readFile(file, 'utf8')))
}

/** 0 where there is no such file yet. */
async function readCounter({ counter }: BuildLimit): Promise<number> {
  if (counter === null) return 0
  const text = await readFile(counter.file, 'utf8').catch(() => '')
  const line = text.split('\n').find((each) => each.startsWith(`${counter.key} `))
  return Number(line?.slice(counter.key.length + 1) ?? 0)
}
