import { BuildLogs } from '@workers-builds/contracts'
import type { ApiCaller } from './api-caller.ts'

/** More than the longest log that is kept has. */
const MOST_PAGES = 500

/** The messages of a build's log, as far as it is written. */
export async function readLog(call: ApiCaller, buildPath: string): Promise<string[]> {
  const messages: string[] = []
  let query = ''
  for (let page = 0; page < MOST_PAGES; page++) {
    const { lines, cursor, truncated } = await call(`${buildPath}/logs${query}`, BuildLogs)
    for (const [, message] of lines) messages.push(message)
    if (cursor === undefined || !truncated) break
    query = `?cursor=${encodeURIComponent(cursor)}`
  }
  return messages
}
