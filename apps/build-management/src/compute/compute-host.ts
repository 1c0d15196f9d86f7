import { ComputeBuild, ComputeHealth, type Patience } from '@workers-builds/contracts'
import type { z } from 'zod'
import type { BuildCompute } from './build-compute.ts'

type HostEnv = Pick<Env, 'COMPUTE_HOST_URL' | 'COMPUTE_HOST_TOKEN'>
type HostPatience = Pick<Patience, 'computeCallMs' | 'computeStopMs'>

/** Builds on one machine that runs the compute host. */
export function computeHost(
  { COMPUTE_HOST_URL: url, COMPUTE_HOST_TOKEN: token }: HostEnv,
  { computeCallMs, computeStopMs }: HostPatience,
): BuildCompute & {
  /** Resolves when the host can be reached, and takes our token. */
  checkReachable(): Promise<void>
} {
  async function call<Answer extends z.ZodType>(
    method: 'PUT' | 'GET' | 'DELETE',
    path: string,
    {
      answer,
      body,
      timeout_ms = computeCallMs,
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
    images: null,
    chooseMachine: () => ({ image: null, instance_type: null, description: null }),
    async createBuild({ spec }) {
      await call('PUT', `/builds/${spec.build_uuid}`, { answer, body: { v: 1, spec } })
    },
    async stopBuild(build_uuid) {
      await call('DELETE', `/builds/${build_uuid}`, { answer, timeout_ms: computeStopMs })
    },
    async getBuildState(build_uuid) {
      return (await call('GET', `/builds/${build_uuid}`, { answer })).state
    },
    async checkReachable() {
      await call('GET', '/health', { answer: ComputeHealth })
    },
  }
}
