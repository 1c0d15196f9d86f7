/** Where a line to the database is cut, and how that is written in its address. */
export const CUT_MOMENTS = ['before', 'after'] as const
/** At which statement, counted from 1: before the server receives it, or before its result arrives. */
export type Cut = { at: number; moment: (typeof CUT_MOMENTS)[number] }

/** The address of a database over a new line, which begins at `port` and is cut there. */
export function cutLine(databaseUrl: string, { port, at, moment }: Cut & { port: number }): string {
  const line = new URL(databaseUrl)
  line.host = `127.0.0.1:${port}`
  line.searchParams.set('application_name', `cut-${moment}-${at}-${crypto.randomUUID()}`)
  return line.href
}

/** Reads the cut of `cutLine` from the first message of a connection. */
export function parseCut(startup: string): (Cut & { id: string }) | undefined {
  const [id, moment, at] = /cut-(before|after)-(\d+)-[\w-]+/.exec(startup) ?? []
  if (id === undefined) return undefined
  return { id, at: Number(at), moment: moment === 'before' ? 'before' : 'after' }
}
