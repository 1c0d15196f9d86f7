import {
  Build,
  BuildErrors,
  BuildLogs,
  TopBuildErrors,
  v4Envelope,
} from '@workers-builds/contracts'
import { z } from 'zod'
import type { Stack } from './start-stack.ts'

const REQUEST_TIMEOUT_MS = 30_000

const AnyEnvelope = v4Envelope(z.unknown())
const Refused = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) })

/** Where a stack serves, and with which tokens. */
export type StackAccess = Pick<
  Stack,
  'url' | 'account_id' | 'script_tag' | 'token' | 'platform_token'
>

/** The REST API of a stack as its demo account and its platform see it. */
export function openApi({ url, account_id, script_tag, token, platform_token }: StackAccess) {
  const builds = `${url}/client/v4/accounts/${account_id}/builds`
  return {
    listBuilds: () => get(`${builds}/workers/${script_tag}/builds`, token, z.array(Build)),
    getBuild: (build_uuid: string) => get(`${builds}/builds/${build_uuid}`, token, Build),
    getErrors: (build_uuid: string) =>
      get(`${builds}/builds/${build_uuid}/errors`, token, BuildErrors),
    getTop: () => get(`${url}/internal/build-errors/top`, platform_token, TopBuildErrors),

    /** All the messages of a log, in order: line n is the n-th. */
    async getLog(build_uuid: string): Promise<string[]> {
      const messages: string[] = []
      let cursor: string | undefined
      do {
        const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
        const page = await get(`${builds}/builds/${build_uuid}/logs${query}`, token, BuildLogs)
        messages.push(...page.lines.map(([, message]) => message))
        cursor = page.truncated ? page.cursor : undefined
      } while (cursor !== undefined)
      return messages
    },
  }
}
export type Api = ReturnType<typeof openApi>

async function get<Result>(url: string, token: string, schema: z.ZodType<Result>): Promise<Result> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  })
  const text = await response.text()
  if (!response.ok)
    throw new Error(refusalOf(text) ?? `GET ${url} answered with ${response.status}`)
  return schema.parse(AnyEnvelope.parse(JSON.parse(text)).result)
}

/** What the API says of a request that it refuses. */
function refusalOf(text: string): string | undefined {
  try {
    const { errors } = Refused.parse(JSON.parse(text))
    return errors.map(({ message }) => message).join('; ')
  } catch {
    return undefined // it came from something before the API
  }
}
