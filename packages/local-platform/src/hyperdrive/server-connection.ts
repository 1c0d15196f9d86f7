import { connect, type Socket } from 'node:net'
import {
  cancelKeyIn,
  cancelRequest,
  createMessageReader,
  errorMessageIn,
  isIdle,
  type Message,
  query,
  statementNameIn,
} from '@workers-builds/postgres-protocol'
import { createLogIn } from './log-in.ts'

/** Messages of a client that a ReadyForQuery answers: Query, FunctionCall and Sync. */
const ASKING = 'QFS'
/** Data of a COPY, which the statement that began it stands for. */
const COPYING = 'dcf'
const PARSE = 'P'
const AUTHENTICATION = 'R'
const PARAMETER_STATUS = 'S'
const BACKEND_KEY_DATA = 'K'
const ERROR_RESPONSE = 'E'
const PARSE_COMPLETE = '1'
const READY_FOR_QUERY = 'Z'

/** What a transaction may leave behind, as DISCARD ALL removes it, but for cached plans. */
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

/** The client that a server's messages are for. */
export type Listener = {
  /** Returns false when no more is to come until `resume`. */
  receive(bytes: Buffer): boolean
  /** All is answered and no transaction is open. */
  idle(): void
  closed(): void
}

/** An answer that is due: to a Parse, or the ReadyForQuery that ends all before it. */
type Due = { type: 'parse'; name: string; isOurs: boolean } | { type: 'ready' }

/** A connection to the database, which one client after another has for a transaction. */
export class ServerConnection {
  /** The startup packet that it was opened with. */
  readonly startup: Buffer
  /** Whether the server accepted us. */
  readonly opened: Promise<boolean>
  listener: Listener | undefined
  readonly #socket: Socket
  readonly #address: Address
  readonly #read = createMessageReader()
  readonly #settings: Buffer[] = []
  readonly #opening = Promise.withResolvers<boolean>()
  /** Named statements that the server knows, or will once it has read what was sent. */
  readonly #prepared = new Set<string>()
  readonly #due: Due[] = [{ type: 'ready' }]
  #cancelKey: Buffer | undefined
  #refusal: string | undefined
  #isOpen = false
  #isResetting = false
  #isIdle = false
  /** Whether messages were sent that no Sync has followed yet. */
  #isUnsynced = false

  constructor(address: Address, { startup, password }: { startup: Buffer; password: string }) {
    this.startup = startup
    this.opened = this.#opening.promise
    this.#address = address
    this.#socket = connect({ ...address, noDelay: true })
    const logIn = createLogIn(password)
    this.#socket.on('data', (chunk) => {
      const messages = this.#read(chunk)
      const rest = this.#isOpen ? messages : this.#open(messages, logIn)
      if (rest.length > 0) this.#receive(rest)
    })
    this.#socket.on('error', () => {}) // it is closed next
    this.#socket.on('close', () => {
      this.#opening.resolve(false)
      this.listener?.closed()
    })
    this.#socket.write(startup)
  }

  /** The settings that the server reported at the start. */
  get settings(): Buffer {
    return Buffer.concat(this.#settings)
  }

  /** Why the server refused us; undefined when it could not be reached. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** Whether all is answered and no transaction is open. */
  get isIdle(): boolean {
    return this.#due.length === 0 && this.#isIdle && !this.#isUnsynced
  }

  /** Returns false when `drained` is to be waited for before more is sent. */
  send(message: Message): boolean {
    const { type, bytes } = message
    if (type === PARSE) this.#expectParse(message, { isOurs: false })
    if (ASKING.includes(type)) this.#due.push({ type: 'ready' })
    if (!COPYING.includes(type)) this.#isUnsynced = !ASKING.includes(type)
    return this.#socket.write(bytes)
  }

  /** Whether the server knows a named statement. */
  knows(statement_name: string): boolean {
    return this.#prepared.has(statement_name)
  }

  forget(statement_name: string): void {
    this.#prepared.delete(statement_name)
  }

  /** Sends a Parse of which the client sees no answer: it had one from another server. */
  prepareAgain(parse: Message): void {
    this.#expectParse(parse, { isOurs: true })
    this.#socket.write(parse.bytes)
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

  /** Has what the last client left removed, before whatever the next one sends. */
  reset(): void {
    this.#isResetting = true
    this.#prepared.clear()
    this.#due.push({ type: 'ready' })
    this.#socket.write(RESET_SESSION)
    this.#socket.resume()
  }

  /** Cancels the statement that runs. */
  cancel(): void {
    if (this.#cancelKey === undefined) return
    const socket = connect(this.#address)
    socket.on('error', () => {}) // nobody is answered
    socket.end(cancelRequest(this.#cancelKey))
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Reads up to the first ReadyForQuery; returns what follows it. */
  #open(messages: Message[], logIn: (request: Message) => Buffer | undefined): Message[] {
    for (const [at, message] of messages.entries()) {
      const { type, bytes } = message
      const answer = type === AUTHENTICATION ? logIn(message) : undefined
      if (answer !== undefined) this.#socket.write(answer)
      if (type === PARAMETER_STATUS) this.#settings.push(bytes)
      if (type === BACKEND_KEY_DATA) this.#cancelKey = cancelKeyIn(bytes)
      if (type === ERROR_RESPONSE) this.#refusal = errorMessageIn(message)
      if (type !== READY_FOR_QUERY) continue
      this.#due.shift()
      this.#isIdle = true
      this.#isOpen = true
      this.#opening.resolve(true)
      return messages.slice(at + 1)
    }
    return []
  }

  #receive(messages: Message[]): void {
    const forClient = messages.filter((message) => this.#isForClient(message))
    const bytes = Buffer.concat(forClient.map((message) => message.bytes))
    if (bytes.length > 0 && this.listener?.receive(bytes) === false) this.#socket.pause()
    if (bytes.length > 0 && this.isIdle) this.listener?.idle()
  }

  #isForClient(message: Message): boolean {
    const isOfReset = this.#isResetting
    if (message.type === READY_FOR_QUERY) {
      this.#isResetting = false
      this.#isIdle = isIdle(message)
      this.#endDue()
    } else if (message.type === PARSE_COMPLETE) {
      const due = this.#due.shift()
      if (due?.type === 'parse' && due.isOurs) return false
    }
    return !isOfReset
  }

  /** After an error the server passes over what was sent up to the Sync. */
  #endDue(): void {
    for (;;) {
      const due = this.#due.shift()
      if (due?.type !== 'parse') return
      this.#prepared.delete(due.name)
    }
  }

  #expectParse(parse: Message, { isOurs }: { isOurs: boolean }): void {
    const name = statementNameIn(parse) ?? ''
    if (name !== '') this.#prepared.add(name)
    this.#due.push({ type: 'parse', name, isOurs })
  }
}
