import {
  BuildOutcome,
  BuildStatus,
  decodeCursor,
  encodeCursor,
  FailureReason,
  FoundBuilds,
  ScriptTag,
  v4Success,
} from '@workers-builds/contracts'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { AccountPath, listOf, PageQuery } from '../api/parameters.ts'
import { Time } from '../platform/time-range.ts'
import { buildView } from './build.view.ts'

const Position = z.object({ before: z.int().positive() })

const Name = z.string().min(1).max(256)

const Query = PageQuery.pick({ per_page: true }).extend({
  script_tag: ScriptTag.optional(),
  branch: listOf(Name).optional(),
  status: listOf(BuildStatus).optional(),
  build_outcome: listOf(BuildOutcome).optional(),
  failure_reason: listOf(FailureReason).optional(),
  cause: listOf(Name).optional().describe('Causes of detected errors'),
  build_trigger_source: listOf(Name).optional(),
  author: z.string().min(1).max(512).optional(),
  created_after: Time.optional(),
  created_before: Time.optional(),
  search: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('Part of a commit message, or the beginning of a commit hash'),
  cursor: z
    .string()
    .refine((text) => decodeCursor(Position, text) !== undefined, {
      error: 'pass one that an earlier page gave',
    })
    .optional(),
})

export const searchBuilds = operation(
  {
    method: 'get',
    path: '/builds/search',
    operationId: 'searchBuilds',
    summary: "Search the account's builds, newest first",
    description:
      'Lists are divided by commas. A page may have fewer builds than asked for, or none, and a `cursor` all the same: a search looks at a bounded number of builds at once.',
    request: { params: AccountPath, query: Query },
    responses: answers(FoundBuilds),
  },
  async (c) => {
    const { account_id } = c.req.valid('param')
    const query = c.req.valid('query')
    const { builds, next } = await c.var.store.builds.search({
      account_id,
      script_tag: query.script_tag,
      branches: query.branch,
      statuses: query.status,
      outcomes: query.build_outcome,
      failure_reasons: query.failure_reason,
      causes: query.cause,
      sources: query.build_trigger_source,
      author: query.author,
      created_after: query.created_after,
      created_before: query.created_before,
      text: query.search,
      before:
        query.cursor === undefined ? null : (decodeCursor(Position, query.cursor)?.before ?? null),
      limit: query.per_page,
    })
    const cursor =
      next === null ? null : encodeCursor({ before: next } satisfies z.infer<typeof Position>)
    return c.json(v4Success({ builds: builds.map(buildView), cursor }), 200)
  },
)
