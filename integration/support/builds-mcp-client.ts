/**
 * What Cloudflare's Builds MCP server sends and what it takes: its calls, in its order, and schemas
 * as strict as its own (every key has to be there; what may be null is marked).
 */
import { z } from 'zod'
import type { Address } from './api-client.ts'

const When = z
  .union([z.string(), z.number()])
  .refine((value) => !Number.isNaN(new Date(value).getTime()))

const RepoConnection = z.object({
  repo_connection_uuid: z.string(),
  repo_id: z.string(),
  repo_name: z.string(),
  provider_type: z.string(),
  provider_account_id: z.string(),
  provider_account_name: z.string(),
  created_on: When,
  modified_on: When,
  deleted_on: When.nullable(),
})

const Trigger = z.object({
  trigger_uuid: z.string(),
  external_script_id: z.string(),
  trigger_name: z.string(),
  build_command: z.string(),
  deploy_command: z.string(),
  root_directory: z.string(),
  branch_includes: z.array(z.string()),
  branch_excludes: z.array(z.string()),
  path_includes: z.array(z.string()),
  path_excludes: z.array(z.string()),
  build_caching_enabled: z.boolean(),
  created_on: When,
  modified_on: When,
  deleted_on: When.nullable(),
  repo_connection: RepoConnection,
})

const BuildDetails = z.object({
  build_uuid: z.string(),
  status: z.string(),
  build_outcome: z.string().nullable(),
  created_on: When,
  modified_on: When,
  initializing_on: When.nullable(),
  running_on: When.nullable(),
  stopped_on: When.nullable(),
  trigger: Trigger,
  build_trigger_metadata: z.object({
    build_trigger_source: z.string(),
    branch: z.string(),
    commit_hash: z.string(),
    commit_message: z.string(),
    author: z.string(),
    build_command: z.string(),
    deploy_command: z.string(),
    root_directory: z.string(),
    build_token_uuid: z.string(),
    environment_variables: z.record(
      z.string(),
      z.object({ is_secret: z.boolean(), created_on: When, value: z.string().nullable() }),
    ),
    repo_name: z.string(),
    provider_account_name: z.string(),
    provider_type: z.string(),
  }),
  pull_request: z.unknown(),
})

const Logs = z.object({
  cursor: z.string().optional(),
  truncated: z.boolean(),
  lines: z.array(z.tuple([When, z.string()])),
})

const envelope = <Result extends z.ZodType>(result: Result) =>
  z.object({
    success: z.boolean(),
    result: result.nullable(),
    errors: z.array(z.object({ code: z.number().optional(), message: z.string() })),
    messages: z.array(z.unknown()),
    result_info: z
      .object({
        next_page: z.boolean(),
        page: z.number(),
        per_page: z.number(),
        count: z.number(),
        total_count: z.number(),
        total_pages: z.number(),
      })
      .optional()
      .nullable(),
  })

/** The client half of that server. */
export function openMcpClient({ url, token, account_id }: Address) {
  async function get<Result extends z.ZodType>(path: string, result: Result) {
    const response = await fetch(`${url}/client/v4/accounts/${account_id}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    return { status: response.status, ...envelope(result).parse(await response.json()) }
  }

  return {
    listScripts: () =>
      get('/workers/scripts', z.array(z.object({ id: z.string(), tag: z.string() }))),
    getService: (name: string) =>
      get(
        `/workers/services/${name}`,
        z.object({ id: z.string(), default_environment: z.unknown() }),
      ),
    listBuilds: (tag: string, page = 1, per_page = 10) =>
      get(`/builds/workers/${tag}/builds?page=${page}&per_page=${per_page}`, z.array(BuildDetails)),
    getBuild: (uuid: string) => get(`/builds/builds/${uuid}`, BuildDetails),

    /** Its loop: the cursor goes into the URL as it came. */
    async getLogs(uuid: string): Promise<{ lines: string[]; pages: number }> {
      const lines: string[] = []
      let cursor: string | undefined
      for (let pages = 1; ; pages++) {
        const query = cursor === undefined ? '' : `?cursor=${cursor}`
        const { result } = await get(`/builds/builds/${uuid}/logs${query}`, Logs)
        lines.push(...(result?.lines ?? []).map(([, message]) => message))
        cursor = result?.cursor
        if (!(cursor && result?.truncated)) return { lines, pages }
        if (pages > 100) throw new Error('the loop of the MCP client never ends')
      }
    },
  }
}
