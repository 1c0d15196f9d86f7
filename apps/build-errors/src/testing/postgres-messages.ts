/** A message of Postgres' protocol; the first one of a client has no type of its own. */
export type PostgresMessage = { type: string; bytes: Buffer }

const LENGTH_BYTES = 4

/** Takes what comes over a connection, piece by piece, and gives the messages that are whole. */
export function messageReader({ hasStartup }: { hasStartup: boolean }) {
  let rest: Buffer = Buffer.alloc(0)
  let isStartup = hasStartup

  return function* read(chunk: Buffer): Generator<PostgresMessage> {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const typeBytes = isStartup ? 0 : 1
      if (rest.length < typeBytes + LENGTH_BYTES) return
      const end = typeBytes + rest.readInt32BE(typeBytes)
      if (rest.length < end) return
      const bytes = rest.subarray(0, end)
      rest = rest.subarray(end)
      const type = isStartup ? 'startup' : bytes.toString('latin1', 0, 1)
      isStartup = false
      yield { type, bytes }
    }
  }
}

/** An ErrorResponse with these fields. */
export function errorResponse(fields: Record<string, string>): Buffer {
  const text = Object.entries(fields).map(([field, value]) => `${field}${value}\0`)
  const body = Buffer.from(`${text.join('')}\0`)
  const head = Buffer.alloc(1 + LENGTH_BYTES)
  head.write('E')
  head.writeInt32BE(LENGTH_BYTES + body.length, 1)
  return Buffer.concat([head, body])
}
