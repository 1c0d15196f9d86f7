import { type BuildEvent, BuildsError, LineTemplates } from '@workers-builds/contracts'
import { createLineTemplates } from '@workers-builds/error-detection'
import { typedKv } from '../typed-kv.ts'
import type { BuildLog } from './build-log.ts'
import { controlLine } from './control-lines.ts'
import { afterEvent, type Described, Life } from './life.ts'

/** The life of one build as its BuildBuddy keeps it: what happens is stored before it is answered. */
export class KeptLife {
  readonly #storage: DurableObjectStorage
  readonly #log: BuildLog
  readonly #kv

  constructor(storage: DurableObjectStorage, log: BuildLog) {
    this.#storage = storage
    this.#log = log
    this.#kv = typedKv(storage.kv, { life: Life, templates: LineTemplates })
  }

  /** Undefined for a build that was never started, or is erased. */
  get(): Life | undefined {
    return this.#kv.get('life') ?? undefined
  }

  /** Throws `not_found` where there is none. */
  require(): Life {
    const life = this.get()
    if (life === undefined) throw new BuildsError('not_found', 'This build was never started.')
    return life
  }

  /** What the build printed, if it was good and its log is sealed. */
  templates(): LineTemplates | null {
    return this.#kv.get('templates')
  }

  /** The name by which the compute knows the build. */
  uuid(): string {
    const { build_uuid } = this.require()
    if (build_uuid === null) throw new Error('a container is asked for before its build is known')
    return build_uuid
  }

  put(life: Life): void {
    this.#kv.put('life', life)
  }

  change(change: (life: Life) => Life): void {
    this.put(change(this.require()))
  }

  /** Applies `event`; an ending adds its line to the log, after `why` where it is given. */
  apply(event: BuildEvent, why?: string): void {
    this.#storage.transactionSync(() => {
      const now = Date.now()
      const before = this.require()
      const after = afterEvent(before, event, now)
      if (after === before) return
      const ending = after.state.status === 'stopped' ? controlLine(after.state) : null
      const step = after.steps.at(-1)?.step ?? 'initializing'
      for (const message of [why, ending]) if (message) this.#log.addLine(now, step, message)
      this.put(after)
    })
  }

  /** Adds a line on what happens before the runner's first; once for each `what`, however often tried. */
  describe(what: Described, message: string): void {
    this.#storage.transactionSync(() => {
      const { described, state } = this.require()
      // A log that has its ending gets nothing after it.
      if (described.includes(what) || state.status === 'stopped') return
      this.#log.addLine(Date.now(), 'initializing', message)
      this.change((life) => ({ ...life, described: [...life.described, what] }))
    })
  }

  /**
   * Closes the log: it is complete, and takes up little from now on. Of a good build, what it
   * printed is kept for those that fail after it.
   */
  seal(): void {
    this.#storage.transactionSync(() => {
      this.#log.compact()
      if (this.require().state.build_outcome === 'success') {
        const templates = createLineTemplates()
        for (const [, , message] of this.#log.lines()) templates.add(message)
        this.#kv.put('templates', templates.collect())
      }
      this.change((life) => ({ ...life, sealed: true }))
    })
  }
}
