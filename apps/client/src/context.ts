import type { Caller } from '@workers-builds/contracts'
import type { Store } from '@workers-builds/store'

/** What every route of the client Worker finds in its context. */
export type ClientContext = {
  Bindings: Env
  Variables: {
    requestId: string
    /** Opened on first use, closed after the answer. */
    store: Store
    /** The JSON that was sent, on the routes that read it. */
    body?: unknown
    /** Who calls, on the routes that ask for a token. */
    caller: Caller
  }
}
