import { BuildUuid } from '@workers-builds/contracts'
import { z } from 'zod'
import { operation } from '../api/operation.ts'
import { limitBody } from '../middleware/limit-body.ts'

/** A flush of 1,000 lines of 8,192 characters, up to three bytes each, does not fit: runners split. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** The runner's call-backs are build-management's; this Worker only passes them on. */
export const runnerCallback = operation(
  {
    method: 'post',
    path: '/api/builds/{build_uuid}/{callback}',
    operationId: 'receiveRunnerCallback',
    middleware: [limitBody(MAX_BODY_BYTES)],
    summary: "Report a build's status or lines of its log; for runners, with the build's own token",
    request: { params: z.object({ build_uuid: BuildUuid, callback: z.enum(['status', 'logs']) }) },
    responses: { 200: { description: "build-management's answer" } },
  },
  async (c) => {
    // Read whole: a body that is still being sent when the answer arrives breaks the fetch.
    const body = await c.req.arrayBuffer()
    return c.env.BUILD_MANAGEMENT.fetch(new Request(c.req.raw, { body }))
  },
)
