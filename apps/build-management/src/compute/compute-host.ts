import { type BuildSpec, ComputeBuild } from '@workers-builds/contracts'
import type { BuildCompute } from './build-compute.ts'

const CALL_TIMEOUT_MS = 10_000
/** Stopping waits for processes to end. */
const STOP_TIMEOUT_MS = 30_000

/** Builds on one machine that runs the compute host. */
export function computeHost({ url, token }: { url: string; token: string }): BuildCompute {
  async function call(
    method: 'PUT' | 'GET' | 'DELETE',
    build_uuid: string,
    { body, timeout_ms = CALL_TIMEOUT_MS }: { body?: unknown; timeout_ms?: number } = {},
  ): Promise<ComputeBuild> {
    const response = await fetch(new URL(`/builds/${build_uuid}`, url), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeout_ms),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`the compute host answered ${response.status} to ${method} of a build`)
    }
    return ComputeBuild.parse(await response.json())
  }

  return {
    async createBuild(spec: BuildSpec) {
      await call('PUT', spec.build_uuid, { body: { v: 1, spec } })
    },
    async stopBuild(build_uuid) {
      await call('DELETE', build_uuid, { timeout_ms: STOP_TIMEOUT_MS })
    },
    async checkHealth(build_uuid) {
      return (await call('GET', build_uuid)).state
    },
  }
}
