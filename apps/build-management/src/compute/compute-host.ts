import {
  ComputeBuild,
  ComputeCachesDeleted,
  ComputeHealth,
  MAX_CACHE_KEYS,
  type Patience,
} from '@workers-builds/contracts'
import type { z } from 'zod'
import type { BuildCompute } from './build-compute.ts'

type HostEnv = Pick<Env, 'COMPUTE_HOST_URL' | 'COMPUTE_HOST_TOKEN'>
type HostPatience = Pick<Patience, 'computeCallMs' | 'computeStopMs'>

/** Builds on one machine that runs the compute host. */
export function computeHost(
  { COMPUTE_HOST_URL: url, COMPUTE_HOST_TOKEN: token }: HostEnv,
  { computeCallMs, computeStopMs }: HostPatience,
): BuildCompute & {
  /** Removes what builds left to later ones under these keys; resolves when it is gone. */
  deleteCaches(keys: string[]): Promise<void>
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
    // The host answers at once, or is away: there is nothing to gain.
    abandonCreate() {},
    async stopBuild(build_uuid) {
      await call('DELETE', `/builds/${build_uuid}`, { answer, timeout_ms: computeStopMs })
    },
    async getBuildState(build_uuid) {
      return (await call('GET', `/builds/${build_uuid}`, { answer })).state
    },
    async deleteCaches(keys) {
      for (let from = 0; from < keys.length; from += MAX_CACHE_KEYS) {
        await call('DELETE', '/caches', {
          answer: ComputeCachesDeleted,
          body: { v: 1, keys: keys.slice(from, from + MAX_CACHE_KEYS) },
        })
      }
    },
    async checkReachable() {
      await call('GET', '/health', { answer: ComputeHealth })
    },
  }
}
