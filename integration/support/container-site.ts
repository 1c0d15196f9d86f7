/** Builds in real containers, with a gate before their engine. */
import { createHash, createHmac } from 'node:crypto'
import { buildBuddyName } from '@workers-builds/contracts'
import { inject } from 'vitest'
import type {} from './container-images.global-setup.ts'
import { startEngineGate } from './engine-gate.ts'
import type { BuildSite } from './gated-stack.ts'
import type { TestStack } from './test-stack.ts'

/** Why there are no containers; undefined where there are. */
export function noContainers(): string | undefined {
  const images = inject('containerImages')
  return typeof images === 'string' ? images : undefined
}

/** Where the engine listens: as `docker` itself looks for it. */
const ENGINE_SOCKET = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(
  'unix://',
  '',
)

export type ContainerSite = ReturnType<typeof containerSite>

export function containerSite(stack: TestStack) {
  let gate: Awaited<ReturnType<typeof startEngineGate>>
  const containers = () => {
    if (stack.containers === undefined) throw new Error('builds do not run in containers here')
    return stack.containers
  }
  /** The name of a build's container: that of the Durable Object which it belongs to. */
  const nameOf = async (build_uuid: string): Promise<string> => {
    const [row] = await stack.sql<{ build_id: number }[]>`
      select build_id from builds where build_uuid = ${build_uuid}`
    if (row === undefined) throw new Error(`there is no build ${build_uuid}`)
    return containerName(containers().worker, row.build_id)
  }
  const docker = (...args: string[]) => containers().engine.docker(...args)
  /** Names of the containers that run, or are about to. */
  const listRunning = async () => {
    const states = ['created', 'restarting', 'running'].flatMap((state) => [
      '--filter',
      `status=${state}`,
    ])
    return (await docker('ps', '--all', ...states, '--format', '{{.Names}}')).split('\n')
  }
  const site = {
    options: async () => {
      gate = await startEngineGate(ENGINE_SOCKET)
      const images = inject('containerImages')
      if (typeof images === 'string') throw new Error(images)
      return { compute: 'containers' as const, images, engineHost: gate.host }
    },
    gate: () => gate,
    listRunning,
    nameOf,
    docker,
    holdCreate: async (build_uuid: string) =>
      gate.interfere(`create?name=${await nameOf(build_uuid)}`, () => 'hold'),
    openCreate: async (build_uuid: string) => gate.open(`create?name=${await nameOf(build_uuid)}`),
    countProcesses: async (build_uuid: string) => {
      const name = await nameOf(build_uuid)
      if (!(await listRunning()).includes(name)) return 0
      // It may end meanwhile.
      const processes = await docker('top', name).catch(() => '')
      return processes.split('\n').length
    },
    close: async () => {
      await gate?.close()
    },
  }
  return site satisfies BuildSite & Record<string, unknown>
}

/** As workerd derives the id of an object from its name, and miniflare the key of a class. */
export function containerName(worker: string, build_id: number): string {
  const key = createHash('sha256').update(`${worker}-BuildBuddy`).digest()
  const digest = (of: string | Buffer) =>
    createHmac('sha256', key).update(of).digest().subarray(0, 16)
  const name = digest(buildBuddyName(build_id))
  return `workerd-${worker}-BuildBuddy-${Buffer.concat([name, digest(name)]).toString('hex')}`
}
