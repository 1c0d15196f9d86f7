/**
 * A build that reaches for whatever it should not have: the same one wherever builds run.
 * docs/isolation.md shows what becomes of it.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GatedStack } from './gated-stack.ts'
import type { Tenant } from './tenant.ts'

/** What the build tries; it prints one line of JSON with what it reached. */
const HOSTILE = new URL('hostile-build.cjs', import.meta.url)

/** Everything that is tried. */
export const REACHES = [
  'files of another build',
  'processes of another build',
  'signals to another build',
  'shared memory of another build',
  'secrets of the control plane',
  'files of the control plane',
  'environment of its runner',
  'memory of its runner',
  'files of its runner',
  'signals to its runner',
  'call-back token',
  "the engine's socket",
  'services at 127.0.0.1',
  "services of the machine's other addresses",
  'the database',
  'metadata addresses',
] as const
export type Reach = (typeof REACHES)[number]

/** Whether this machine has a service that tells about it, as those of clouds do. */
async function hasMetadata(): Promise<boolean> {
  const socket = connect({ host: '169.254.169.254', port: 80, timeout: 2_000 })
  const answers = once(socket, 'connect').then(() => true)
  const timeout = once(socket, 'timeout').then(() => false)
  try {
    return await Promise.race([answers, timeout])
  } catch {
    return false
  } finally {
    for (const promise of [answers, timeout]) promise.catch(() => {})
    socket.on('error', () => {}).destroy()
  }
}

/** `reachable`: what builds reach there all the same. */
export function describeHostileBuilds(
  { stack, createTenant, pushScripts, untilLogged, untilGone }: GatedStack,
  { reachable, machine }: { reachable: Reach[]; machine: () => Promise<string[]> },
): void {
  const service = createServer((socket) =>
    socket.on('error', () => {}).end('a service that asks for no password'),
  )
  beforeAll(async () => {
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
  })
  afterAll(() => void service.close())

  /** Leaves a secret wherever a build can, and stays. */
  const victim = (marker: string) => `
    for folder in ~ "$PWD" /tmp /var/tmp /dev/shm; do echo secret > "$folder/${marker}"; done
    ipcmk -M 4096 -p 0666; ipcmk -S 1 -p 0666; ipcmk -Q -p 0666
    (env -i setsid sh -c 'sleep 600; true' ${marker} &)
    echo left; sleep 600`

  async function runHostile(tenant: Tenant, options: { marker: string; network?: 'none' }) {
    const secrets = JSON.parse(await readFile(join(stack.dir, 'secrets.json'), 'utf8'))
    const targets = {
      marker: options.marker,
      // Their hashes: a repository that held them would be what is found.
      secrets: Object.values<unknown>(secrets)
        .filter((value) => typeof value === 'string' && value.length >= 16)
        .map((value) => createHash('sha256').update(String(value)).digest('hex')),
      stack: stack.dir,
      service: (service.address() as AddressInfo).port,
      database: Number(new URL(stack.databaseUrl).port),
      machine: await machine(),
    }
    if (options.network) {
      await stack.sql`
        update triggers set network = ${options.network} where script_tag = ${tenant.script_tag}`
    }
    const { build_uuid } = await tenant.push({
      'build.sh': 'node hostile-build.cjs',
      'deploy.sh': 'true',
      'hostile-build.cjs': await readFile(HOSTILE, 'utf8'),
      'targets.json': targets,
    })
    const build = await tenant.api.waitUntil(build_uuid, 'stopped')
    const log = await tenant.api.readLog(build_uuid)
    expect(build.build_outcome, log.join('\n')).toBe('success')
    const [, found = '{}'] = /^reached: (.*)$/m.exec(log.join('\n')) ?? []
    return JSON.parse(found) as Record<Reach, string | null>
  }

  const reached = (found: Record<Reach, string | null>) =>
    REACHES.filter((reach) => found[reach] !== null)

  describe('a hostile build', () => {
    test('reaches what the page on isolation says, and nothing else', async () => {
      const expected = [...reachable, ...((await hasMetadata()) ? ['metadata addresses'] : [])]
      const [other, hostile] = await Promise.all([createTenant(), createTenant()])
      const marker = `left-${crypto.randomUUID()}`
      const build_uuid = await pushScripts(other, { build: victim(marker) })
      await untilLogged(other, build_uuid, 'left')
      const found = await runHostile(hostile, { marker })
      expect(Object.keys(found).toSorted()).toEqual([...REACHES].toSorted())
      expect(reached(found), JSON.stringify(found, null, 2)).toEqual(expected)
      await other.api.cancel(build_uuid)
      await untilGone(build_uuid)
      // Nothing is left either when the other build is over.
      const after = await runHostile(hostile, { marker })
      expect(reached(after), JSON.stringify(after, null, 2)).toEqual(expected)
    })

    test('reaches no service at all without network', async () => {
      const tenant = await createTenant()
      const found = await runHostile(tenant, { marker: crypto.randomUUID(), network: 'none' })
      expect(reached(found), JSON.stringify(found, null, 2)).toEqual([])
    })
  })
}
