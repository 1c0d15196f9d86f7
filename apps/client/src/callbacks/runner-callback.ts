import { BuildUuid } from '@workers-builds/contracts'
import { z } from 'zod'
import { operation } from '../openapi/operation.ts'

/** The runner's call-backs are build-management's; this Worker only lets them in. */
export const runnerCallback = operation(
  {
    method: 'post',
    path: '/api/builds/{build_uuid}/{callback}',
    operationId: 'receiveRunnerCallback',
    summary: "A runner's status, or lines of its log; its bearer is the build's own token",
    request: { params: z.object({ build_uuid: BuildUuid, callback: z.enum(['status', 'logs']) }) },
    responses: { 200: { description: "build-management's answer" } },
  },
  (c) => c.env.BUILD_MANAGEMENT.fetch(c.req.raw),
)
