import {
  type BuildBuddyRpc,
  type BuildId,
  buildBuddyName,
  type LogCursor,
  type LogLine,
  LogPage,
} from '@workers-builds/contracts'

/** The pages of a build's log; returns whether they are the whole of it. */
export type LogReader = (build_id: BuildId) => AsyncGenerator<LogLine[], { complete: boolean }>

/** An answer over RPC that nobody disposes of is kept until it is collected. */
type BuildBuddyStub = {
  getLogs(...page: Parameters<BuildBuddyRpc['getLogs']>): Promise<LogPage & Disposable>
}

/** Reads logs out of the builds' BuildBuddies, page by page. */
export function readBuildLog(env: Pick<Env, 'BUILD_BUDDY'>): LogReader {
  return async function* (build_id) {
    const id = env.BUILD_BUDDY.idFromName(buildBuddyName(build_id))
    const buddy = env.BUILD_BUDDY.get(id) as unknown as BuildBuddyStub
    let cursor: LogCursor | undefined
    do {
      using answer = await buddy.getLogs(cursor ? { cursor } : {})
      const page = LogPage.parse(answer)
      if (page.lines.length > 0) yield page.lines
      // An incomplete log ends where nothing more is stored yet.
      else if (!page.complete) return { complete: false }
      cursor = page.cursor
    } while (cursor !== undefined)
    return { complete: true }
  }
}
