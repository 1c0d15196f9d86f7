import { openStore, type Store } from '@workers-builds/store'

/**
 * A connection for what a hibernating object writes at one go: made when first used, kept for what
 * follows at once, and ended by `release`. While it is open the object cannot hibernate.
 */
export class BriefStore {
  readonly #databaseUrl: string
  #open: { store: Store; users: number } | undefined

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl
  }

  async use<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    this.#open ??= { store: openStore(this.#databaseUrl, { max: 1 }), users: 0 }
    const open = this.#open
    open.users++
    try {
      return await work(open.store)
    } finally {
      open.users--
    }
  }

  /** Ends the connection, unless somebody uses it, who will. */
  async release(): Promise<void> {
    const open = this.#open
    if (open === undefined || open.users > 0) return
    this.#open = undefined
    await open.store.end()
  }
}
