import postgres from 'postgres'

export type Sql = postgres.Sql<{ bigint: number }>

/** A piece of a statement. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>

export type ConnectOptions = {
  /** Most connections at once; 1 for a single write. */
  max?: number
}

const INT8 = 20

/**
 * A client for the server at `databaseUrl`. Types are not fetched (that saves a round trip), so
 * arrays are passed as JSON and never as Postgres arrays.
 */
export function connect(databaseUrl: string, { max = 5 }: ConnectOptions = {}): Sql {
  return postgres(databaseUrl, {
    max,
    fetch_types: false,
    connect_timeout: 10,
    onnotice: () => {},
    types: {
      // int8 and count(*) would otherwise arrive as strings.
      bigint: { to: INT8, from: [INT8], serialize: String, parse: parseSafeInteger },
    },
  })
}

function parseSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is larger than 2^53 - 1`)
  return value
}
