import { v4Success, WorkerErrors } from '@workers-builds/contracts'
import type { WorkerError } from '@workers-builds/store'
import { z } from 'zod'
import { answers, operation } from '../api/operation.ts'
import { WorkerPath } from '../api/parameters.ts'
import { selectWorkerTriggers } from '../worker-builds/read-worker-build.ts'
import { findWorkerByTag } from '../workers/find-worker-by-tag.ts'
import { explained } from './explained.ts'

/** Which builds to look at: all, those of one branch, or those that go to production. */
const WorkerErrorsQuery = z
  .object({
    branch: z.string().min(1).max(255).optional(),
    production: z.enum(['true', 'false']).default('false'),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  })
  .refine((query) => query.branch === undefined || query.production === 'false', {
    path: ['branch'],
    error: 'ask for a branch or for production, not for both',
  })

export const listWorkerErrors = operation(
  {
    method: 'get',
    path: '/workers/{script_tag}/errors',
    operationId: 'listWorkerErrors',
    summary:
      "List the failures of a Worker's builds: since when, how often, and whether they persist",
    request: { params: WorkerPath, query: WorkerErrorsQuery },
    responses: answers(WorkerErrors),
  },
  async (c) => {
    const { store } = c.var
    const worker = await findWorkerByTag(store, c.req.valid('param'))
    const { branch, production, limit } = c.req.valid('query')
    const branches =
      production === 'true'
        ? (await selectWorkerTriggers(store, worker)).production.branch_includes
        : branch && [branch]
    const errors = await store.errorRecurrence.selectByWorker({
      ...worker,
      branches: branches || undefined,
      limit,
    })
    const result: WorkerErrors = { branches: branches || null, errors: errors.map(view) }
    return c.json(v4Success(result), 200)
  },
)

function view(error: WorkerError): WorkerErrors['errors'][number] {
  const { first_seen, last_seen, in_a_row_since, last_good } = error
  return {
    ...explained(error),
    first_seen: seenView(first_seen),
    last_seen: seenView(last_seen),
    in_a_row_since: seenView(in_a_row_since),
    last_good: last_good && seenView(last_good),
  }
}

function seenView(build: WorkerError['first_seen']) {
  return { ...build, stopped_on: build.stopped_on.toISOString() }
}
