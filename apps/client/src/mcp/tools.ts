/** The tools: those of Cloudflare's own Builds server under its names, and two more. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import {
  AccountErrors,
  Build,
  BuildErrors,
  BuildUuid,
  TopBuildErrors,
  WorkerErrors,
  WorkerScript,
  WorkerService,
} from '@workers-builds/contracts'
import { reportError } from '@workers-builds/observability'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { ClientContext } from '../context.ts'
import { apiCaller, ToolError } from './api-caller.ts'
import { buildLine, buildText, errorsText, topText } from './build-text.ts'
import { logText } from './log-text.ts'
import { pickAccount } from './pick-account.ts'
import { readLog } from './read-log.ts'

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000

const READING = { readOnlyHint: true, destructiveHint: false, openWorldHint: false }

const account_id = z
  .string()
  .optional()
  .describe('Needed only if the token has access to several accounts: see accounts_list')
const buildUUID = BuildUuid.describe('UUID of a build, as workers_builds_list_builds returns it')

/** Gives `server` the tools, each of which may read what the caller of `c` may read. */
export function registerTools(
  server: McpServer,
  { c, app }: { c: Context<ClientContext>; app: Hono<ClientContext> },
): void {
  const call = apiCaller(c, app)
  const { caller } = c.var
  const header = c.req.header('cf-account-id')
  const accountOf = (argument: string | undefined) => pickAccount(caller, { argument, header })
  const apiOf = (argument: string | undefined) => `/client/v4/accounts/${accountOf(argument)}`

  function tool<Input extends z.ZodRawShape>(
    name: string,
    { description, input }: { description: string; input: Input },
    answer: (input: z.infer<z.ZodObject<Input>>) => Promise<string>,
  ): void {
    const inputSchema = z.object(input)
    server.registerTool(
      name,
      { description, inputSchema, annotations: READING },
      async (given: unknown) => {
        try {
          return {
            content: [{ type: 'text' as const, text: await answer(inputSchema.parse(given)) }],
          }
        } catch (error) {
          return { isError: true, content: [{ type: 'text' as const, text: errorText(error) }] }
        }
      },
    )
  }

  tool(
    'accounts_list',
    { description: 'List the accounts that this token may read', input: {} },
    async () => {
      if (caller.accounts.length === 0) return 'This token may read no account.'
      return caller.accounts.map((account) => account.account_id).join('\n')
    },
  )

  tool(
    'workers_list',
    {
      description:
        "List an account's Workers by name, with the id (tag) that identifies their builds",
      input: { account_id },
    },
    async (input) => {
      const workers = await call(
        `${apiOf(input.account_id)}/workers/scripts`,
        z.array(WorkerScript),
      )
      if (workers.length === 0) return 'The account has no Workers.'
      return workers.map(({ id, tag }) => `${id}  (id ${tag})`).join('\n')
    },
  )

  tool(
    'workers_get_worker',
    {
      description: 'Get a Worker by its name, with the id (tag) that identifies its builds',
      input: { scriptName: z.string().min(1).max(255), account_id },
    },
    async (input) => {
      const name = encodeURIComponent(input.scriptName)
      const worker = await call(
        `${apiOf(input.account_id)}/workers/services/${name}`,
        WorkerService,
      )
      return JSON.stringify(worker, null, 2)
    },
  )

  tool(
    'workers_builds_list_builds',
    {
      description: 'List the builds of a Worker, newest first',
      input: {
        workerId: z.string().describe("The Worker's id (tag), as workers_list returns it"),
        page: z.int().min(1).default(1),
        perPage: z.int().min(1).max(50).default(10),
        account_id,
      },
    },
    async ({ workerId, page, perPage, ...input }) => {
      const path = `builds/workers/${encodeURIComponent(workerId)}/builds`
      const query = `page=${page}&per_page=${perPage}`
      const builds = await call(`${apiOf(input.account_id)}/${path}?${query}`, z.array(Build))
      return builds.length === 0 ? 'No builds on this page.' : builds.map(buildLine).join('\n')
    },
  )

  tool(
    'workers_builds_get_build',
    { description: 'Get a build: state, commit, commands', input: { buildUUID, account_id } },
    async (input) => buildText(await call(buildPath(input), Build)),
  )

  tool(
    'workers_builds_get_build_logs',
    {
      description:
        'Read the log of a build. A long log is shortened to its beginning, its end and the decisive lines',
      input: { buildUUID, account_id },
    },
    async (input) => {
      const { errors } = await call(`${buildPath(input)}/errors`, BuildErrors)
      const lines = await readLog(call, buildPath(input))
      return lines.length === 0
        ? 'The log is still empty.'
        : logText(lines, errors[0]?.line_number ?? null)
    },
  )

  tool(
    'workers_builds_explain_failure',
    {
      description:
        'Explain why a build failed: root cause, the decisive lines of its log, what to do, and whether it has happened before',
      input: { buildUUID, account_id },
    },
    async (input) => {
      const build = await call(buildPath(input), Build)
      const detected = await call(`${buildPath(input)}/errors`, BuildErrors)
      const [root] = detected.errors
      const recurrence = await recurrenceOf(build, root, apiOf(input.account_id))
      return errorsText({ build, detected, recurrence })
    },
  )

  tool(
    'workers_builds_list_top_issues',
    {
      description:
        'List the most frequent failures of the last days: of one account, or with scope "platform" of all accounts',
      input: {
        scope: z.enum(['account', 'platform']).default('account'),
        days: z.int().min(1).max(90).default(7),
        limit: z.int().min(1).max(50).default(10),
        account_id,
      },
    },
    async ({ scope, days, limit, ...input }) => {
      const from = new Date(Date.now() - (days * WEEK_MS) / 7)
      const query = `from=${encodeURIComponent(from.toISOString())}&limit=${limit}`
      if (scope === 'platform') {
        const top = await call(`/internal/build-errors/top?${query}`, TopBuildErrors)
        return topText(top.errors, days)
      }
      const top = await call(`${apiOf(input.account_id)}/builds/errors?${query}`, AccountErrors)
      return topText(top.errors, days)
    },
  )

  /** How often the Worker's builds fail with the same error as `root`, and since when. */
  async function recurrenceOf(
    build: Build,
    root: BuildErrors['errors'][number] | undefined,
    api: string,
  ) {
    if (root === undefined) return undefined
    const path = `builds/workers/${build.trigger.external_script_id}/errors?limit=100`
    const { errors } = await call(`${api}/${path}`, WorkerErrors)
    return errors.find(
      (error) =>
        error.error_code === root.error_code &&
        error.cause === root.cause &&
        error.error_group === root.error_group,
    )
  }

  function buildPath(input: { buildUUID: string; account_id?: string | undefined }): string {
    return `${apiOf(input.account_id)}/builds/builds/${input.buildUUID}`
  }
}

/** The part of an error that a caller may see; the rest is reported. */
function errorText(error: unknown): string {
  if (error instanceof ToolError) return error.message
  reportError(error, 'a tool failed')
  return 'Something went wrong on our side.'
}
