/** Where a line to the database is cut, and how it is told so. */
export const CUT_MOMENTS = ['before', 'after'] as const
/** At the how-manieth statement: before the server sees it, or before it is known to be done. */
export type Cut = { at: number; moment: (typeof CUT_MOMENTS)[number] }

/** The address of a database over a new line, which begins at `port` and is cut there. */
export function cutLine(databaseUrl: string, { port, at, moment }: Cut & { port: number }): string {
  const line = new URL(databaseUrl)
  line.host = `127.0.0.1:${port}`
  line.searchParams.set('application_name', `cut-${moment}-${at}-${crypto.randomUUID()}`)
  return line.href
}

/** What `cutLine` made, found in the first message of a connection. */
export function parseCut(startup: string): (Cut & { id: string }) | undefined {
  const [id, moment, at] = /cut-(before|after)-(\d+)-[\w-]+/.exec(startup) ?? []
  if (id === undefined) return undefined
  return { id, at: Number(at), moment: moment === 'before' ? 'before' : 'after' }
}
