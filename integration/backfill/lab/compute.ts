/** A compute host on which every build runs and nothing is run: what fills the builds is the lab. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ComputeBuild } from '@workers-builds/contracts'

export async function startIdleCompute(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const build_uuid = request.url?.split('/').at(-1) ?? ''
    const state = request.method === 'DELETE' ? 'exited' : 'running'
    request.resume()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ v: 1, build_uuid, state } satisfies ComputeBuild))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
