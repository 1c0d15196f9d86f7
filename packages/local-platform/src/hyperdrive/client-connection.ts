import { connect, type Socket } from 'node:net'
import {
  ASK_FOR_PASSWORD,
  AUTHENTICATION_OK,
  createMessageReader,
  createPacketReader,
  errorResponse,
  type Message,
  passwordIn,
  READY,
  REQUEST,
  requestOf,
  statementIn,
} from '@workers-builds/postgres-protocol'
import type { Pool } from './pool.ts'
import type { Address, ServerConnection } from './server-connection.ts'

/** Hyperdrive's code for whatever Postgres has none for. */
const HYPERDRIVE_ERROR = '58000'
const FEATURE_NOT_SUPPORTED = '0A000'
const INVALID_PASSWORD = '28P01'
/** What needs a session of one's own. */
const NEEDS_SESSION =
  /^\s*(?:prepare|deallocate|execute|discard|(?:un)?listen|notify)\b|\bpg_(?:try_)?advisory_/i
const GOODBYE = 'X'
const SYNC = 'S'
const QUERY = 'Q'

/** What a connection is served with. */
export type Origin = { address: Address; password: string; pool: Pool }

/** A Worker's connection, from its start-up to its goodbye. */
export class ClientConnection {
  readonly #socket: Socket
  readonly #origin: Origin
  readonly #readPackets = createPacketReader()
  readonly #readMessages = createMessageReader()
  #isStarted = false
  #isAdmitted = false
  /** Whether messages are passed over up to the Sync after one that was refused. */
  #isSkipping = false
  #server: ServerConnection | undefined

  constructor(socket: Socket, origin: Origin) {
    this.#socket = socket
    this.#origin = origin
    socket.on('data', (chunk) => {
      try {
        this.#receive(chunk)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        socket.destroy() // it speaks something else
      }
    })
    socket.on('error', () => {}) // it is closed next
    socket.on('close', () => this.#leave((server) => origin.pool.remove(server)))
  }

  #receive(chunk: Buffer): void {
    if (!this.#isStarted) {
      for (const packet of this.#readPackets(chunk)) this.#answer(packet)
      return
    }
    const messages = this.#readMessages(chunk)
    this.#server?.together(() => {
      for (const message of messages) this.#pass(message)
    })
  }

  #answer(packet: Buffer): void {
    const request = requestOf(packet)
    if (request === REQUEST.tls || request === REQUEST.gss) this.#socket.write('N')
    else if (request === REQUEST.cancel) cancel(packet, this.#origin.address)
    else void this.#start(packet)
  }

  async #start(startup: Buffer): Promise<void> {
    this.#isStarted = true
    const { pool } = this.#origin
    const server = await pool.take(startup)
    if (server === undefined) {
      return this.#refuse(HYPERDRIVE_ERROR, 'Failed to acquire a connection from the pool.')
    }
    if (this.#socket.destroyed) return await pool.release(server)
    this.#server = server
    server.listener = {
      receive: (bytes) => this.#socket.write(bytes),
      closed: () => {
        pool.remove(server)
        if (server.isGreeted) this.#socket.destroy()
        else this.#refuse(HYPERDRIVE_ERROR, 'Server connection attempt failed: connection_refused')
      },
    }
    this.#socket.on('drain', () => this.#server?.resume())
    // The server of a new connection asks for the password itself.
    if (server.isGreeted) this.#socket.write(ASK_FOR_PASSWORD)
    else this.#isAdmitted = true
  }

  #pass(message: Message): void {
    const server = this.#server
    if (server === undefined) return
    const statement = statementIn(message)
    if (!this.#isAdmitted) {
      this.#admit(message, server)
    } else if (message.type === GOODBYE) {
      this.#leave((free) => void this.#origin.pool.release(free))
      this.#socket.end()
    } else if (this.#isSkipping) {
      this.#skip(message)
    } else if (statement !== undefined && NEEDS_SESSION.test(statement)) {
      const why = `Hyperdrive keeps no session for: ${statement}`
      this.#socket.write(errorResponse('ERROR', FEATURE_NOT_SUPPORTED, why))
      this.#skip(message)
    } else if (!server.send(message)) {
      this.#socket.pause()
      server.drained(() => this.#socket.resume())
    }
  }

  #admit(message: Message, { greeting }: ServerConnection): void {
    this.#isAdmitted = message.type === 'p' && passwordIn(message) === this.#origin.password
    if (this.#isAdmitted) this.#socket.write(Buffer.concat([AUTHENTICATION_OK, greeting, READY]))
    else this.#refuse(INVALID_PASSWORD, 'password authentication failed')
  }

  #skip({ type }: Message): void {
    this.#isSkipping = type !== SYNC && type !== QUERY
    if (!this.#isSkipping) this.#socket.write(READY)
  }

  #refuse(code: string, why: string): void {
    this.#socket.end(errorResponse('FATAL', code, why))
  }

  #leave(then: (server: ServerConnection) => void): void {
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) then(server)
  }
}

/** Has the server cancel what the key in `packet` names; it answers nobody. */
function cancel(packet: Buffer, address: Address): void {
  const socket = connect(address)
  socket.on('error', () => {})
  socket.end(packet)
}
