import { connect, type Socket } from 'node:net'
import { createMessageReader, isIdle, type Message, query } from '@workers-builds/postgres-protocol'

/** What a server says before its first ReadyForQuery: its settings, and the key to cancel. */
const GREETING = 'SK'
/** Messages of a client that a ReadyForQuery answers: Query, FunctionCall and Sync. */
const ASKING = 'QFS'
const READY_FOR_QUERY = 'Z'

/**
 * What a client may have left, as far as it was let; as DISCARD ALL, but for the plans, which a pool
 * that gives its connections out by transaction keeps.
 */
export const RESET_STATEMENTS = [
  'CLOSE ALL',
  'SET SESSION AUTHORIZATION DEFAULT',
  'RESET ALL',
  'DEALLOCATE ALL',
  'DISCARD TEMP',
  'DISCARD SEQUENCES',
]
const RESET_SESSION = query(RESET_STATEMENTS.join('; '))

export type Address = { host: string; port: number }

/** Whom a server's words are for. */
export type Listener = {
  /** Answers false when no more is to come until `resume`. */
  receive(bytes: Buffer): boolean
  closed(): void
}

/** A connection to the database, which one client after another has to itself. */
export class ServerConnection {
  /** What its first client said to open it. */
  readonly startup: Buffer
  listener: Listener | undefined
  readonly #socket: Socket
  readonly #read = createMessageReader()
  readonly #greeting: Buffer[] = []
  #isGreeted = false
  /** ReadyForQuery is due so often; once for the start-up. */
  #due = 1
  #isIdle = false

  /** Opens it for a client that knows the password, for which the server will ask. */
  constructor(address: Address, startup: Buffer) {
    this.startup = startup
    this.#socket = connect({ ...address, noDelay: true })
    this.#socket.on('data', (chunk) => this.#receive(chunk))
    this.#socket.on('error', () => {}) // it is closed next
    this.#socket.on('close', () => this.listener?.closed())
    this.#socket.write(startup)
  }

  /** Whether the password has been sent. */
  get isGreeted(): boolean {
    return this.#isGreeted
  }

  /** All that the server said at the start, for a client that was not there. */
  get greeting(): Buffer {
    return Buffer.concat(this.#greeting)
  }

  /** Answers false when `drained` is to be waited for before more is sent. */
  send({ type, bytes }: Message): boolean {
    if (ASKING.includes(type)) this.#due += 1
    return this.#socket.write(bytes)
  }

  /** Sends in one go what `work` sends. */
  together(work: () => void): void {
    this.#socket.cork()
    work()
    this.#socket.uncork()
  }

  drained(then: () => void): void {
    this.#socket.once('drain', then)
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Makes it as it was for its first client; answers whether that could be done. */
  async reset(): Promise<boolean> {
    if (this.#due > 0 || !this.#isIdle) return false
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.listener = {
      receive: () => {
        if (this.#due === 0) resolve(this.#isIdle)
        return true
      },
      closed: () => resolve(false),
    }
    this.#due += 1
    this.#socket.write(RESET_SESSION)
    this.#socket.resume()
    return await promise
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    for (const message of this.#read(chunk)) {
      if (message.type === READY_FOR_QUERY) {
        this.#isGreeted = true
        this.#due -= 1
        this.#isIdle = isIdle(message)
      } else if (!this.#isGreeted && GREETING.includes(message.type)) {
        this.#greeting.push(message.bytes)
      }
    }
    if (this.listener?.receive(chunk) === false) this.#socket.pause()
  }
}
