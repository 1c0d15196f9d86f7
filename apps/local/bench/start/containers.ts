/** Starts in containers, beside those on the host and beside a container by itself. */
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { buildImage } from '../../src/containers/build-image.ts'
import { openEngine } from '../../src/containers/engine.ts'
import { quantile } from './quantile.ts'
import { type System, startSystem } from './system.ts'

const SOCKET = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace('unix://', '')

/** Prints, last, one line of JSON; times in ms, from the webhook to the runner's first line. */
export async function benchContainers(starts: number): Promise<void> {
  // The one that the system uses as well.
  const { tag: image } = await buildImage(await openEngine(), { small: true, onLine: () => {} })
  const systems: Record<'host' | 'containers', System> = {
    host: await startSystem('ours', 1),
    containers: await startSystem('ours', 0, 'containers'),
  }
  const first_line: Record<'host' | 'containers', number[]> = { host: [], containers: [] }
  const bare: number[] = []
  const both = ['host', 'containers'] as const
  try {
    for (const name of both) await systems[name].burst(1)
    await startBare(image)
    for (let i = 0; i < starts; i++) {
      for (const name of both) {
        await systems[name].untilRunnersWait()
        await delay(1_000)
        for (const start of await systems[name].burst(1)) first_line[name].push(start.first_line)
      }
      bare.push(await startBare(image))
    }
  } finally {
    for (const name of both) await systems[name].stop()
  }
  const of = (numbers: number[], q = 0.5) => Math.round(quantile(numbers, q))
  console.log(
    JSON.stringify({
      host_p50_ms: of(first_line.host),
      containers_p50_ms: of(first_line.containers),
      containers_p90_ms: of(first_line.containers, 0.9),
      bare_container_p50_ms: of(bare),
      above_bare_p50_ms: of(first_line.containers) - of(bare),
    }),
  )
}

/** Makes and starts a container of `image` and runs a command in it; answers how long that took. */
async function startBare(image: string): Promise<number> {
  const begun = performance.now()
  const { Id } = await ask('POST', '/containers/create', { Image: image, Cmd: ['sleep', '60'] })
  try {
    await ask('POST', `/containers/${Id}/start`)
    const exec = await ask('POST', `/containers/${Id}/exec`, { Cmd: ['true'] })
    await ask('POST', `/exec/${exec.Id}/start`, { Detach: false })
    return performance.now() - begun
  } finally {
    await ask('DELETE', `/containers/${Id}?force=true`)
  }
}

/** The engine's answer; a stream of output counts as none. */
async function ask(method: string, path: string, body?: object): Promise<{ Id: string }> {
  return await new Promise((resolve, reject) => {
    const asked = request(
      { socketPath: SOCKET, method, path, headers: { 'content-type': 'application/json' } },
      async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk)
        const text = Buffer.concat(chunks).toString()
        if ((response.statusCode ?? 500) >= 400) return reject(new Error(`${path}: ${text}`))
        resolve(text.startsWith('{') ? JSON.parse(text) : { Id: '' })
      },
    )
    asked.on('error', reject)
    asked.end(body && JSON.stringify(body))
  })
}
