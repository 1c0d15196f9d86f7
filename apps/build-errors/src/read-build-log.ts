import {
  type BuildBuddyRpc,
  type BuildId,
  buildBuddyName,
  LineTemplates,
  type LogCursor,
  type LogLine,
  LogPage,
} from '@workers-builds/contracts'

/**
 * How many BuildBuddies are asked at once. Both more and fewer at once made scanning slower. On Cloudflare six connections of a Worker may wait
 * for a response at once, and the others wait for their turn.
 */
export const CONCURRENT_READS = 32

/** The pages of a build's log; returns whether they are the whole of it. */
export type LogReader = (build_id: BuildId) => AsyncGenerator<LogLine[], { complete: boolean }>

/** What a good build printed; null where that is not known. */
export type TemplateReader = (build_id: BuildId) => Promise<LineTemplates | null>

/** An answer over RPC that nobody disposes of is kept until it is collected. */
type BuildBuddyStub = {
  getLogs(...page: Parameters<BuildBuddyRpc['getLogs']>): Promise<LogPage & Disposable>
  getLineTemplates(): Promise<(LineTemplates & Disposable) | null>
}

type Builds = Pick<Env, 'BUILD_BUDDY'>

function buddyOf({ BUILD_BUDDY }: Builds, build_id: BuildId): BuildBuddyStub {
  const id = BUILD_BUDDY.idFromName(buildBuddyName(build_id))
  return BUILD_BUDDY.get(id) as unknown as BuildBuddyStub
}

/** Reads logs out of the builds' BuildBuddies, page by page. */
export function readBuildLog(env: Builds): LogReader {
  return async function* (build_id) {
    const buddy = buddyOf(env, build_id)
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

/** Asks the builds' BuildBuddies what they printed. */
export function readLineTemplates(env: Builds): TemplateReader {
  return async (build_id) => {
    using answer = await buddyOf(env, build_id).getLineTemplates()
    return LineTemplates.nullable().parse(answer)
  }
}
