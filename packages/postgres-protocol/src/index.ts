/**
 * The part of Postgres' protocol, version 3.0, that a program between a client and its server has to
 * understand. Source: https://www.postgresql.org/docs/17/protocol-message-formats.html
 */

/** Requests that a connection may begin with; any other number is the version of the protocol. */
export const REQUEST = { cancel: 80_877_102, tls: 80_877_103, gss: 80_877_104 }

/** A message as it was sent, its type and its length included. */
export type Message = { type: string; bytes: Buffer }

const LENGTH_BYTES = 4
const CANCEL_KEY_BYTES = 8
const HEADER_BYTES = 1 + LENGTH_BYTES
/** The longest packet that Postgres accepts before the client has logged in. */
const LONGEST_PACKET_BYTES = 10_000

export const AUTHENTICATION_OK = message('R', int32(0))
export const ASK_FOR_PASSWORD = message('R', int32(3))
export const READY = message('Z', Buffer.from('I'))

/** An ErrorResponse with an SQLSTATE and a message; after a fatal error the connection is closed. */
export function errorResponse(severity: 'ERROR' | 'FATAL', code: string, what: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${what}`].map(text)
  return message('E', Buffer.concat([...fields, Buffer.alloc(1)]))
}

/** The message of an ErrorResponse. */
export function errorMessageIn({ bytes }: Message): string {
  const fields = bytes.toString('utf8', HEADER_BYTES).split('\0')
  return fields.find((field) => field.startsWith('M'))?.slice(1) ?? ''
}

/** What a packet before all messages asks for: one of REQUEST, or a version. */
export function requestOf(packet: Buffer): number {
  return packet.length < 2 * LENGTH_BYTES ? 0 : packet.readInt32BE(LENGTH_BYTES)
}

/** What a PasswordMessage says. */
export function passwordIn({ bytes }: Message): string {
  return bytes.toString('utf8', HEADER_BYTES, bytes.length - 1)
}

/** The statement of a Query or a Parse; undefined in any other message. */
export function statementIn({ type, bytes }: Message): string | undefined {
  if (type !== 'Q' && type !== 'P') return undefined
  const from = type === 'Q' ? HEADER_BYTES : bytes.indexOf(0, HEADER_BYTES) + 1
  return bytes.toString('utf8', from, bytes.indexOf(0, from))
}

/** The prepared statement that a Parse, Bind, Describe or Close is about; undefined for any other. */
export function statementNameIn({ type, bytes }: Message): string | undefined {
  const namesStatement = bytes.toString('latin1', HEADER_BYTES, HEADER_BYTES + 1) === 'S'
  let from: number
  if (type === 'P') from = HEADER_BYTES
  else if (type === 'B') from = bytes.indexOf(0, HEADER_BYTES) + 1
  else if ((type === 'D' || type === 'C') && namesStatement) from = HEADER_BYTES + 1
  else return undefined
  return bytes.toString('utf8', from, bytes.indexOf(0, from))
}

/** The key in a CancelRequest or in a BackendKeyData. */
export function cancelKeyIn(bytes: Buffer): Buffer {
  return bytes.subarray(-CANCEL_KEY_BYTES)
}

/** What a client is given at the start, to cancel its statements with. */
export function backendKeyData(key: Buffer): Buffer {
  return message('K', key)
}

/** What a connection begins with that cancels what runs under `key`. */
export function cancelRequest(key: Buffer): Buffer {
  return Buffer.concat([int32(2 * LENGTH_BYTES + key.length), int32(REQUEST.cancel), key])
}

/** Whether a ReadyForQuery says that no transaction is open. */
export function isIdle({ bytes }: Message): boolean {
  return bytes.toString('latin1', HEADER_BYTES) === 'I'
}

/** Answers to the server's request for a password, in any of these forms. */
export function passwordMessage(body: Buffer): Buffer {
  return message('p', body)
}

/** A simple Query: one statement, or more between semicolons. */
export function query(statements: string): Buffer {
  return message('Q', text(statements))
}

/** Reads what a client sends before its messages. Throws when it cannot be of this protocol. */
export function createPacketReader(): (chunk: Buffer) => Buffer[] {
  return createReader({ lengthAt: 0, longest: LONGEST_PACKET_BYTES })
}

/** Reads the messages of a stream, which is cut anywhere: each chunk gives those that it completes. */
export function createMessageReader(): (chunk: Buffer) => Message[] {
  const read = createReader({ lengthAt: 1, longest: Number.POSITIVE_INFINITY })
  return (chunk) => read(chunk).map((bytes) => ({ type: bytes.toString('latin1', 0, 1), bytes }))
}

function createReader({ lengthAt, longest }: { lengthAt: number; longest: number }) {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk: Buffer): Buffer[] => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const complete: Buffer[] = []
    while (rest.length >= lengthAt + LENGTH_BYTES) {
      const length = rest.readUInt32BE(lengthAt)
      if (length < LENGTH_BYTES || length > longest) throw new RangeError(`a length of ${length}`)
      const end = lengthAt + length
      if (rest.length < end) break
      complete.push(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    return complete
  }
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(LENGTH_BYTES + body.length), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`)
}
