import { once } from 'node:events'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { DiskWatch } from '@workers-builds/build-limits'
import { bundleRunner } from '@workers-builds/build-runner/bundle'
import { COMPUTE_KEEP_ALIVE_MS } from '@workers-builds/contracts'
import { buildEnvironment } from './build-environment.ts'
import type { BuildFolder } from './build-folder.ts'
import { Builds } from './builds.ts'
import { CacheArchives } from './cache-archives.ts'
import { computeHostApi } from './compute-host.api.ts'
import { type HostLog, jsonLog, printableLog } from './host-log.ts'
import { prepareIsolation, publicFolderOf } from './isolation.ts'
import { removeLeftovers } from './leftovers.ts'
import { DEFAULT_LIMITS, Limiter, type Limits } from './limits.ts'
import { removeFolder } from './remove-folder.ts'

export { bundleRunner, removeFolder }

/** How often what nobody reads any more is looked for. */
const EXPIRY_CHECK_MS = 60 * 60_000

/**
 * The part of a build's memory that it may keep in /dev/shm, and as much in System V's. Ending a
 * process does not free that, so there has to be room for the runner beside it.
 */
const SHARED_MEMORY_SHARE = 1 / 4

/** A disk is filled by some hundred MB a second at most. */
const DISK_CHECK_MS = 5_000

/** A runner ends its build, and sends its last lines, in about a second. */
const KILL_GRACE_MS = 5_000

export interface ComputeHostOptions {
  /** A free one when left out. */
  port?: number
  /** What callers have to send as a bearer token. */
  token: string
  /** Where builds live; this host's alone. */
  buildsDir: string
  /** Where what builds cache is kept; beside `buildsDir` when left out. */
  cacheDir?: string
  /** Program and arguments that run the runner; made from this repository when left out. */
  runnerCommand?: string[]
  /** Given to every build beside the allowed part of this process' environment. */
  env?: Record<string, string>
  /**
   * Paths on this machine that builds have to read, such as a repository that they clone: of what
   * is below /tmp and /var/tmp they see nothing else. Where another user could not read them, builds
   * run as the host's own.
   */
  readablePaths?: string[]
  /** Whether builds get namespaces of their own where the system has them; true when left out. */
  namespaces?: boolean
  /**
   * How many runners are started before there is a build for them, and wait; each takes some 50 MB.
   * None when left out.
   */
  warmRunners?: number
  /** How long (ms) a runner that is asked to end may take before it is killed; 5 s when left out. */
  killGraceMs?: number
  /**
   * How far builds give way to other processes, 0 to 19. The most unless given: they take the
   * processors that the system itself, on the same machine, does not need.
   */
  niceness?: number
  /** The most that one build may use, where it is not the default. */
  limits?: Partial<Limits>
  /** Between two looks at how much of the disk builds use (ms); 5 s when left out. */
  diskCheckMs?: number
  /** Takes warnings, and what runners have to say; stderr, as lines of JSON, when left out. */
  log?: HostLog
}

export interface ComputeHost {
  url: string
  /** How builds are kept apart on this machine, in plain words. */
  isolation: string
  /** How many runners wait for a build. */
  waitingRunners(): number
  /** Ends all builds, then the host. */
  close(): Promise<void>
}

/** Starts a host for builds on this machine, reachable from this machine alone. */
export async function startComputeHost(options: ComputeHostOptions): Promise<ComputeHost> {
  const { port = 0, token, env: extra = {}, readablePaths = [] } = options
  const { GIT_TAG: release = 'local', ENVIRONMENT: environment = 'local' } = process.env
  const log = printableLog(options.log ?? jsonLog({ release, environment, write: console.error }))
  const buildsDir = resolve(options.buildsDir)
  const environmentOf = (folder: BuildFolder, node: string) =>
    buildEnvironment({
      host: process.env,
      extra,
      home: folder.home,
      temporaryFolder: folder.temporary,
      node,
    })
  for (const folder of [buildsDir, publicFolderOf(buildsDir)]) await removeLeftovers(folder, log)
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const limiter = await Limiter.open({ ...limits, buildsDir })
  const isolation = await prepareIsolation({
    buildsDir,
    runnerCommand: options.runnerCommand,
    readablePaths: readablePaths.map((path) => resolve(path)),
    namespaces: options.namespaces ?? true,
    sharedMemoryBytes: limits.memoryBytes * SHARED_MEMORY_SHARE,
    environmentOf,
  })
  if (!isolation.separateUsers) log(isolation.description)
  const cache = new CacheArchives({ path: resolve(options.cacheDir ?? `${buildsDir}-cache`), log })
  await cache.removeExpired()
  const expiring = setInterval(() => void cache.removeExpired(), EXPIRY_CHECK_MS)
  const builds = new Builds({
    isolation,
    limiter,
    diskWatch: new DiskWatch({
      maxBytes: limiter.diskBytes,
      intervalMs: options.diskCheckMs ?? DISK_CHECK_MS,
      warn: log,
    }),
    cache,
    environmentOf,
    log,
    warmRunners: options.warmRunners ?? 0,
    killGraceMs: options.killGraceMs ?? KILL_GRACE_MS,
    niceness: options.niceness ?? constants.priority.PRIORITY_LOW,
  })
  const app = computeHostApi({ builds, cache, token, log })
  const server = serve({
    fetch: app.fetch,
    hostname: '127.0.0.1',
    port,
    serverOptions: { keepAliveTimeout: COMPUTE_KEEP_ALIVE_MS },
  })
  if (!server.listening) await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    isolation: `${isolation.description} ${limiter.description}`,
    waitingRunners: () => builds.waitingRunners,
    close: async () => {
      server.close()
      clearInterval(expiring)
      await builds.endAll()
      await isolation.view?.close()
      await limiter.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      if (isolation.buildsDir !== buildsDir) {
        await removeFolder(isolation.buildsDir).catch((error) => log(`${error}`))
      }
    },
  }
}
