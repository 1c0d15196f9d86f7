import { type BuildSpec, ComputeBuild, ComputeHealth } from '@workers-builds/contracts'
import type { z } from 'zod'
import type { BuildCompute } from './build-compute.ts'

const CALL_TIMEOUT_MS = 10_000
/** Stopping waits for processes to end. */
const STOP_TIMEOUT_MS = 30_000

/** Builds on one machine that runs the compute host. */
export function computeHost({ url, token }: { url: string; token: string }): BuildCompute {
  async function call<Answer extends z.ZodType>(
    method: 'PUT' | 'GET' | 'DELETE',
    path: string,
    {
      answer,
      body,
      timeout_ms = CALL_TIMEOUT_MS,
    }: { answer: Answer; body?: unknown; timeout_ms?: number },
  ): Promise<z.infer<Answer>> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeout_ms),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`the compute host answered ${response.status} to ${method} ${path}`)
    }
    return answer.parse(await response.json())
  }

  const answer = ComputeBuild
  return {
    async createBuild(spec: BuildSpec) {
      await call('PUT', `/builds/${spec.build_uuid}`, { answer, body: { v: 1, spec } })
    },
    async stopBuild(build_uuid) {
      await call('DELETE', `/builds/${build_uuid}`, { answer, timeout_ms: STOP_TIMEOUT_MS })
    },
    async checkHealth(build_uuid) {
      return (await call('GET', `/builds/${build_uuid}`, { answer })).state
    },
    async checkReachable() {
      await call('GET', '/health', { answer: ComputeHealth })
    },
  }
}
