import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import {
  ASK_FOR_PASSWORD,
  AUTHENTICATION_OK,
  backendKeyData,
  cancelKeyIn,
  createMessageReader,
  createPacketReader,
  errorResponse,
  type Message,
  passwordIn,
  READY,
  REQUEST,
  requestOf,
  statementIn,
  statementNameIn,
} from '@workers-builds/postgres-protocol'
import type { Pool } from './pool.ts'
import type { ServerConnection } from './server-connection.ts'

/** Hyperdrive's code for whatever Postgres has none for. */
const HYPERDRIVE_ERROR = '58000'
const FEATURE_NOT_SUPPORTED = '0A000'
const INVALID_PASSWORD = '28P01'
/** What needs a session of one's own. */
const NEEDS_SESSION =
  /^\s*(?:prepare|deallocate|execute|discard|(?:un)?listen|notify)\b|\bpg_(?:try_)?advisory_/i
const PASSWORD = 'p'
const GOODBYE = 'X'
const SYNC = 'S'
const QUERY = 'Q'
const PARSE = 'P'
const CLOSE = 'C'

/** What a connection is served with. */
export type Origin = {
  password: string
  pool: Pool
  /** The connected clients by the key with which each cancels. */
  cancelKeys: Map<string, ClientConnection>
}

/** A Worker's connection, from its start-up to its goodbye. It has a server during a transaction. */
export class ClientConnection {
  readonly #socket: Socket
  readonly #origin: Origin
  readonly #readPackets = createPacketReader()
  readonly #readMessages = createMessageReader()
  readonly #cancelKey = randomBytes(8)
  /** Messages that wait for a server. */
  readonly #unsent: Message[] = []
  /** The Parse of each named statement, for a server that does not know it yet. */
  readonly #statements = new Map<string, Message>()
  #startup: Buffer | undefined
  #isAdmitted = false
  #isWaiting = false
  /** Whether messages are passed over up to the Sync after one that was refused. */
  #isSkipping = false
  #server: ServerConnection | undefined

  constructor(socket: Socket, origin: Origin) {
    this.#socket = socket
    this.#origin = origin
    origin.cancelKeys.set(this.#cancelKey.toString('hex'), this)
    socket.on('data', (chunk) => {
      try {
        this.#receive(chunk)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        socket.destroy() // it speaks something else
      }
    })
    socket.on('drain', () => this.#server?.resume())
    socket.on('error', () => {}) // it is closed next
    socket.on('close', () => {
      origin.cancelKeys.delete(this.#cancelKey.toString('hex'))
      this.#unsent.length = 0
      const server = this.#server
      this.#server = undefined
      if (server !== undefined) origin.pool.remove(server)
    })
  }

  /** Cancels the statement that runs for this client. */
  cancel(): void {
    this.#server?.cancel()
  }

  #receive(chunk: Buffer): void {
    if (this.#startup === undefined) {
      for (const packet of this.#readPackets(chunk)) this.#answer(packet)
      return
    }
    this.#unsent.push(...this.#readMessages(chunk))
    this.#passUnsent()
  }

  #answer(packet: Buffer): void {
    const request = requestOf(packet)
    if (request === REQUEST.tls || request === REQUEST.gss) {
      this.#socket.write('N')
    } else if (request === REQUEST.cancel) {
      this.#origin.cancelKeys.get(cancelKeyIn(packet).toString('hex'))?.cancel()
      this.#socket.end()
    } else {
      this.#startup = packet
      this.#socket.write(ASK_FOR_PASSWORD)
    }
  }

  #passUnsent(): void {
    if (this.#server === undefined) this.#passNext()
    else this.#server.together(() => this.#passNext())
  }

  #passNext(): void {
    while (!this.#isWaiting) {
      const message = this.#unsent.shift()
      if (message === undefined) return
      if (!this.#isAdmitted) void this.#admit(message)
      else this.#pass(message)
    }
  }

  async #admit(message: Message): Promise<void> {
    const { pool, password } = this.#origin
    if (message.type !== PASSWORD || passwordIn(message) !== password) {
      return this.#refuse(INVALID_PASSWORD, 'password authentication failed')
    }
    this.#isAdmitted = true
    const startup = this.#startup ?? Buffer.alloc(0)
    if (pool.settingsFor(startup) === undefined) {
      const server = await this.#takeServer(startup)
      if (this.#socket.destroyed) return
      if (typeof server === 'string') return this.#refuse(HYPERDRIVE_ERROR, server)
      pool.keepSettings(server)
      pool.release(server)
    }
    const settings = pool.settingsFor(startup) ?? Buffer.alloc(0)
    const key = backendKeyData(this.#cancelKey)
    this.#socket.write(Buffer.concat([AUTHENTICATION_OK, settings, key, READY]))
    this.#passUnsent()
  }

  #pass(message: Message): void {
    const statement = statementIn(message)
    if (message.type === GOODBYE) {
      this.#sayGoodbye()
    } else if (this.#isSkipping) {
      this.#skip(message)
    } else if (statement !== undefined && NEEDS_SESSION.test(statement)) {
      this.#unsent.unshift(message)
      this.#refuseStatement(FEATURE_NOT_SUPPORTED, `Hyperdrive keeps no session for: ${statement}`)
    } else if (this.#server === undefined) {
      this.#unsent.unshift(message)
      void this.#begin()
    } else {
      this.#send(message, this.#server)
    }
  }

  /** Takes a server for a transaction. */
  async #begin(): Promise<void> {
    const { pool } = this.#origin
    const server = await this.#takeServer(this.#startup ?? Buffer.alloc(0))
    if (this.#socket.destroyed) return
    if (typeof server === 'string') return this.#refuseStatement(HYPERDRIVE_ERROR, server)
    this.#server = server
    server.listener = {
      receive: (bytes) => this.#socket.write(bytes),
      idle: () => {
        this.#server = undefined
        pool.release(server)
      },
      closed: () => {
        pool.remove(server)
        this.#socket.destroy()
      },
    }
    this.#passUnsent()
  }

  /** Returns why there is no server when there is none. A client that is gone gets none either. */
  async #takeServer(startup: Buffer): Promise<ServerConnection | string> {
    const { pool } = this.#origin
    this.#isWaiting = true
    this.#socket.pause()
    const server = await pool.take(startup)
    const isOpen = await server?.opened
    this.#isWaiting = false
    this.#socket.resume()
    if (server === undefined) return 'Failed to acquire a connection from the pool.'
    if (!isOpen) {
      pool.remove(server)
      return `Server connection attempt failed: ${server.refusal ?? 'connection_refused'}`
    }
    if (this.#socket.destroyed) pool.release(server)
    return server
  }

  #send(message: Message, server: ServerConnection): void {
    const name = statementNameIn(message)
    if (name !== undefined && name !== '') this.#carryStatement(name, message, server)
    if (server.send(message)) return
    this.#socket.pause()
    server.drained(() => this.#socket.resume())
  }

  /** Has this server know the statement that the client prepared, on another one perhaps. */
  #carryStatement(name: string, message: Message, server: ServerConnection): void {
    if (message.type === PARSE) {
      this.#statements.set(name, message)
    } else if (message.type === CLOSE) {
      this.#statements.delete(name)
      server.forget(name)
    } else {
      const parse = this.#statements.get(name)
      if (parse !== undefined && !server.knows(name)) server.prepareAgain(parse)
    }
  }

  #skip({ type }: Message): void {
    this.#isSkipping = type !== SYNC && type !== QUERY
    if (!this.#isSkipping) this.#socket.write(READY)
  }

  /** Refuses the message that is next; the client may go on after its Sync. */
  #refuseStatement(code: string, why: string): void {
    this.#socket.write(errorResponse('ERROR', code, why))
    const message = this.#unsent.shift()
    if (message !== undefined) this.#skip(message)
    this.#passUnsent()
  }

  #sayGoodbye(): void {
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) this.#origin.pool.release(server)
    this.#socket.end()
  }

  #refuse(code: string, why: string): void {
    this.#unsent.length = 0
    this.#socket.end(errorResponse('FATAL', code, why))
  }
}
