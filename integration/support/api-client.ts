import {
  Backfill,
  Backfills,
  Build,
  BuildErrors,
  BuildLogs,
  CancelledBuild,
  LiveLogTicket,
  TopBuildErrors,
  v4Envelope,
} from '@workers-builds/contracts'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { z } from 'zod'

/** Where a system serves, and for whom. */
export const Address = z.object({
  url: z.url(),
  account_id: z.string(),
  script_tag: z.string(),
  token: z.string(),
  platform_token: z.string(),
  git_remote: z.string(),
})
export type Address = z.infer<typeof Address>

/** Each look takes all Workers and Postgres, which builds and suites beside this one need too. */
const LOOKS = { pauseMs: 300 }

const BACKFILLS = '/internal/build-errors/backfills'

/** The REST API as a program uses it; every answer is parsed with its contract. */
export function openApi({ url, account_id, script_tag, token, platform_token }: Address) {
  const builds = `/client/v4/accounts/${account_id}/builds`

  async function call<Result extends z.ZodType>(
    path: string,
    result: Result,
    {
      method = 'GET',
      bearer = token,
      body,
    }: { method?: string; bearer?: string; body?: unknown } = {},
  ): Promise<z.infer<Result>> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${bearer}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(answer)}`)
    return result.parse(v4Envelope(z.unknown()).parse(answer).result)
  }

  const api = {
    getBuild: (uuid: string) => call(`${builds}/builds/${uuid}`, Build),
    getErrors: (uuid: string) => call(`${builds}/builds/${uuid}/errors`, BuildErrors),
    listBuilds: () => call(`${builds}/workers/${script_tag}/builds?per_page=200`, z.array(Build)),
    cancel: (uuid: string) =>
      call(`${builds}/builds/${uuid}/cancel`, CancelledBuild, { method: 'PUT' }),
    createTicket: (uuid: string) =>
      call(`${builds}/builds/${uuid}/logs/ticket`, LiveLogTicket, { method: 'POST' }),
    startBackfill: (body: object) =>
      call(BACKFILLS, Backfill, { method: 'POST', bearer: platform_token, body }),
    stopBackfill: () =>
      call(`${BACKFILLS}/stop`, Backfill, { method: 'POST', bearer: platform_token }),
    listBackfills: () => call(BACKFILLS, Backfills, { bearer: platform_token }),
    top: () => call('/internal/build-errors/top', TopBuildErrors, { bearer: platform_token }),

    /** The messages of the whole log, page by page. */
    async readLog(uuid: string): Promise<string[]> {
      const messages: string[] = []
      let query = ''
      for (;;) {
        const page = await call(`${builds}/builds/${uuid}/logs${query}`, BuildLogs)
        messages.push(...page.lines.map(([, message]) => message))
        if (page.cursor === undefined || !page.truncated) return messages
        query = `?cursor=${page.cursor}`
      }
    },

    /** The build of a commit, as soon as there is one. */
    findBuild: (commit: string) =>
      waitFor(
        `a build of ${commit}`,
        async () =>
          (await api.listBuilds()).find(
            (build) => build.build_trigger_metadata.commit_hash === commit,
          ),
        LOOKS,
      ),

    waitUntil: (uuid: string, status: Build['status']) =>
      waitFor(
        `build ${uuid} to be ${status}`,
        async () => {
          const build = await api.getBuild(uuid)
          return build.status === status && build
        },
        LOOKS,
      ),

    /** The errors of a build, once it has been scanned. */
    waitForScan: (uuid: string) =>
      waitFor(
        `a scan of build ${uuid}`,
        async () => {
          const errors = await api.getErrors(uuid)
          return errors.scan !== null && errors
        },
        LOOKS,
      ),
  }
  return api
}
