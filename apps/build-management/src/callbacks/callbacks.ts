/** What runners call while they build: `POST /api/builds/:build_uuid/{status,logs}`. */
import {
  BuildsError,
  isBuildsError,
  type Refusal,
  type RunnerLogAnswer,
  RunnerLogFlush,
  type RunnerStatusAnswer,
  RunnerStatusUpdate,
  v4Failure,
} from '@workers-builds/contracts'
import { logger, useWorkersLogger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import { Hono } from 'hono'
import { z } from 'zod'
import { logTags } from '../log-tags.ts'
import { getBuildBuddy } from '../stubs.ts'
import { verifyRunnerToken } from './runner-token.ts'

type CallbackContext = { Bindings: Env; Variables: { build_id: number } }

export const callbacks = new Hono<CallbackContext>()
  .use(useWorkersLogger('runner-callbacks'))
  .onError((error, c) => {
    // Across RPC the class is lost.
    if (isBuildsError(error)) return c.json(v4Failure(error), error.status as 400)
    reportError(error, 'a call-back failed')
    const failure = new BuildsError('internal_error', 'The call-back failed; try again.')
    return c.json(v4Failure(failure), 500)
  })
  .use('/api/builds/:build_uuid/*', async (c, next) => {
    const build_uuid = c.req.param('build_uuid') ?? ''
    const [, token] = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '') ?? []
    if (token === undefined) {
      throw new BuildsError('missing_token', "Send the build's token as a bearer token.")
    }
    const build_id = await verifyRunnerToken(c.env.RUNNER_TOKEN_KEYS, { token, build_uuid })
    if (build_id === undefined) {
      throw new BuildsError('invalid_token', 'This is not the token of this build.')
    }
    c.set('build_id', build_id)
    logger.setTags({ ...logTags(c.env, 'runner-callbacks'), build_id, build_uuid })
    await next()
  })
  .post('/api/builds/:build_uuid/status', async (c) => {
    const update = await parseBody(c.req.raw, RunnerStatusUpdate)
    const answer = await getBuildBuddy(c.env, c.var.build_id).handleStatusUpdate(update)
    if (answer.refusal !== null) throw refused(answer.refusal)
    return c.json({ v: 1 } satisfies RunnerStatusAnswer)
  })
  .post('/api/builds/:build_uuid/logs', async (c) => {
    const flush = await parseBody(c.req.raw, RunnerLogFlush)
    const answer = await getBuildBuddy(c.env, c.var.build_id).addLogLines(flush)
    const { next_runner_line } = answer
    if (answer.refusal !== null) throw refused(answer.refusal, next_runner_line)
    return c.json({ v: 1, next_runner_line } satisfies RunnerLogAnswer)
  })
  .all('*', () => {
    throw new BuildsError('not_found', 'There is no such call-back.')
  })

async function parseBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const body = await request.json().catch(() => {
    throw new BuildsError('invalid_request', 'The body is no JSON.')
  })
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new BuildsError('invalid_request', z.prettifyError(parsed.error))
}

const REFUSALS: Record<Refusal, string> = {
  log_gap: 'Lines are missing before these; go on from next_runner_line.',
  log_closed: 'The log of this build is closed.',
  build_stopped: 'This build has been stopped.',
}

function refused(refusal: Refusal, next_runner_line?: number): BuildsError {
  const result = { refusal, ...(next_runner_line !== undefined && { next_runner_line }) }
  return new BuildsError(refusal, REFUSALS[refusal], { result })
}
