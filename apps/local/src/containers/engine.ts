import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { waitFor } from '@workers-builds/local-platform/waiting'

const run = promisify(execFile)

/** An engine that does not answer by then is taken for away. */
const ANSWER_MS = 20_000
/** What the name of the container that workerd starts for a Durable Object begins with. */
const WORKERD_PREFIX = 'workerd'

/** There is nothing to run containers with; its message is a sentence for whoever asked for them. */
export class NoContainerEngine extends Error {
  override readonly name = 'NoContainerEngine'
}

/** The program that wrangler builds images with too. */
const dockerProgram = () => process.env['WRANGLER_DOCKER_BIN'] ?? 'docker'

/** The container engine of this machine. */
export interface ContainerEngine {
  /** What `docker` prints for these arguments. */
  docker(...args: string[]): Promise<string>
  /** Builds an image of which a Dockerfile says all. */
  build(image: { tag: string; dockerfile: string }): Promise<void>
  /** Its program, for what prints along the way. */
  program: string
}

/** Throws NoContainerEngine, which says what is missing, where none answers. */
export async function openEngine(): Promise<ContainerEngine> {
  const program = dockerProgram()
  try {
    await run(program, ['version', '--format', '{{.Server.Version}}'], { timeout: ANSWER_MS })
  } catch (error) {
    throw new NoContainerEngine(describeMissing(program, error))
  }
  return {
    program,
    docker: async (...args) => (await run(program, args, { maxBuffer: 16 << 20 })).stdout.trim(),
    build: async ({ tag, dockerfile }) => {
      const building = run(program, ['build', '--tag', tag, '-'])
      building.child.stdin?.end(dockerfile)
      await building
    },
  }
}

function describeMissing(program: string, error: unknown): string {
  const { code, stderr = '' } = error as { code?: string | number; stderr?: string }
  const what =
    code === 'ENOENT'
      ? `there is no program ${program}`
      : `${program} reaches none (${stderr.trim().split('\n').at(-1) || 'it did not answer'})`
  return `Builds in containers need a running container engine, and ${what}: start Docker, or leave out --compute containers.`
}

/** How containers reach this machine. */
export interface HostAddress {
  /** What they call it. */
  name: string
  /** The address to listen at for them alone; undefined where they reach 127.0.0.1. */
  listenAt: string | undefined
}

/**
 * Containers reach their host by the gateway of the bridge that they are on. Where the engine runs
 * in a virtual machine, as Docker Desktop's does, that is no address of this machine, and the engine
 * has a name for its loopback.
 */
export async function hostAddress({ docker }: ContainerEngine): Promise<HostAddress> {
  const gateways = await docker(
    ...['network', 'inspect', 'bridge', '--format'],
    '{{range .IPAM.Config}}{{.Gateway}} {{end}}',
  )
  for (const gateway of gateways.split(' ').filter((each) => each !== '')) {
    if (await isOurs(gateway)) return { name: gateway, listenAt: gateway }
  }
  return { name: 'host.docker.internal', listenAt: undefined }
}

/** Tried, since the system lists no bridge that has no container at the moment. */
async function isOurs(host: string): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ host, port: 0 }, () => server.close(() => resolve(true)))
  })
}

/** The names of all containers of a Worker's Durable Objects, and of those that workerd puts beside. */
export async function listContainers(
  { docker }: ContainerEngine,
  { worker }: { worker: string },
): Promise<string[]> {
  const prefix = `${WORKERD_PREFIX}-${worker}-`
  const names = await docker(
    'ps',
    '--all',
    '--filter',
    `name=^/${prefix}`,
    '--format',
    '{{.Names}}',
  )
  return names.split('\n').filter((name) => name.startsWith(prefix))
}

/** Removes them: they outlive a workerd that is killed. */
export async function removeContainers(
  engine: ContainerEngine,
  which: { worker: string },
): Promise<void> {
  const remove = async () => {
    const names = await listContainers(engine, which)
    // wrangler removes some too, and `docker rm` fails for one that is being removed.
    if (names.length > 0) await engine.docker('rm', '--force', '--volumes', ...names)
    return names.length === 0
  }
  await waitFor(`the containers of ${which.worker} to be gone`, remove, { ignoreErrors: true })
}
