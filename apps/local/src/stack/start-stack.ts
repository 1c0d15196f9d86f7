import { createHash } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ComputeHost, removeFolder, startComputeHost } from '@workers-builds/compute-host'
import type { Patience } from '@workers-builds/contracts'
import {
  createGitHubApp,
  StackAddress,
  startGitHost,
} from '@workers-builds/local-platform/git-host'
import { startHyperdrive } from '@workers-builds/local-platform/hyperdrive'
import { applyMigrations } from '@workers-builds/local-platform/migrations'
import { freePort, startForwarding } from '@workers-builds/local-platform/net'
import {
  openServingRole,
  type RunningPostgres,
  startPostgres,
} from '@workers-builds/local-platform/postgres'
import { openRunRecord } from '@workers-builds/local-platform/processes'
import { readJsonFile, writeJsonFile } from '@workers-builds/local-platform/state'
import { z } from 'zod'
import { boundContainers } from '../containers/bound-containers.ts'
import { buildImage } from '../containers/build-image.ts'
import {
  type ContainerEngine,
  hostAddress,
  listContainers,
  openEngine,
  removeContainers,
} from '../containers/engine.ts'
import { plainText } from '../terminal/terminal-text.ts'
import { addProject, addressFile, gitFolder } from './add-project.ts'
import { buildPage } from './build-page.ts'
import type { WorkerBundles } from './bundle-workers.ts'
import { clearStack } from './clear-stack.ts'
import { openLogFile } from './log-file.ts'
import { openSecrets, type StackSecrets } from './secrets.ts'
import { DEMO_PROJECT, type DemoProject } from './seed.ts'
import { stopAll } from './stop-all.ts'
import { type WorkerName, writeWorkerConfigs } from './worker-configs.ts'
import { LOCAL_INSTANCE, workerSettings } from './worker-settings.ts'
import { startWorkers } from './workers.ts'

/** A person pushes now and then; each takes some 50 MB. */
const WARM_RUNNERS = 2

/** A whole running system with its demo account. */
export interface Stack {
  /** Address of the client Worker. */
  url: string
  /** The containers that builds run in; undefined where they run on a host. */
  containers: StackContainers | undefined
  databaseUrl: string
  account_id: string
  script_tag: string
  /** Bearer of the demo account. */
  token: string
  /** Bearer of the views across accounts. */
  platform_token: string
  /** Path of the bare repository: what `git push` takes. */
  git_remote: string
  /** GitHub's REST API as the Git host speaks it, and a person's token for it. */
  git_host: { api_url: string; token: string }
  /** Resolves with the reason when the Workers end by themselves. */
  ended: Promise<string>
  /** What may be killed, and is then started again in its place. */
  parts: StackParts
  /** Ends everything, in order; nothing that was started is left. */
  stop(): Promise<void>
}

export interface StackContainers {
  /** What names them all: that of the Worker that they belong to. */
  worker: string
  /** Names of those that are there now, and of what workerd puts beside them. */
  list(): Promise<string[]>
  engine: ContainerEngine
}

export interface StackParts {
  /** Process of Postgres; null when the server is not ours. */
  postgresPid(): number | null
  startPostgres(): Promise<void>
  /** Processes of the Workers: wrangler first, then what it started. */
  workersPids(): number[]
  startWorkers(): Promise<void>
}

export interface StackOptions {
  /** Keeps everything that the stack has to remember. */
  dir: string
  /** Taken where it is free; otherwise the last one, otherwise any. */
  port?: number | undefined
  /** Where to open the inspector of the Workers, which asks nobody for a password. */
  inspectorPort?: number | undefined
  /** A server to use in place of our own. */
  databaseUrl?: string | undefined
  /** Provides the database; a server of the stack's own when left out. */
  startDatabase?: (() => Promise<RunningPostgres>) | undefined
  project?: DemoProject
  /** Given to every Worker, beside its own. */
  vars?: Record<string, string>
  /** Which of build-management's waits differ from its defaults, by how much. */
  patience?: Partial<Patience>
  /** Where runners call back to; the client Worker when left out. */
  callbackUrl?: string | undefined
  /** Where the Git host sends webhooks; the client Worker when left out. */
  webhookUrl?: string | undefined
  /** Where builds clone from; the Git host when left out. */
  gitUrl?: string | undefined
  /** Where builds run: on a compute host of the stack's own unless it is `containers`. */
  compute?: 'host' | 'containers'
  /** Of builds in containers, the images by the names that builds ask for; one is built when left out. */
  images?: Record<string, string> | undefined
  /** The address of the engine that the Workers start containers with; the machine's when left out. */
  engineHost?: string | undefined
  /** Builds that image without the tools that most projects do not use. */
  smallImage?: boolean
  /** Paths below /tmp and /var/tmp that builds may read: they see nothing else there. */
  readablePaths?: string[]
  /** Runs builds; in this process when left out. */
  startHost?: (options: HostOptions) => Promise<RunningHost>
  /** Forget first what an earlier stack in `dir` remembered. */
  fresh?: boolean
  /** So many runners wait for builds, which begin the sooner. */
  warmRunners?: number
  /** Entry files of Workers that are run in place of their own: a benchmark's. */
  mains?: Partial<Record<WorkerName, string>>
  /** The Workers as `bundleWorkers` left them; bundled anew at each start when left out. */
  bundles?: WorkerBundles | undefined
  /** Whether the web page is built, and served; without, there is the API alone. */
  hasPage?: boolean
  /** A file that is there, with the address and the tokens, exactly while the stack serves. */
  announceIn?: string | undefined
  /** Aborts a start that is under way; everything is ended then. */
  signal?: AbortSignal | undefined
  /** Called before each stage. */
  onStage?: (stage: string) => void
  /** Called with each line that the Workers and the compute host print. */
  onLine?: (line: string) => void
}

/** What runs builds; one in a process of its own prints itself how it keeps them apart. */
type RunningHost = Pick<ComputeHost, 'url' | 'close'> & Partial<Pick<ComputeHost, 'isolation'>>

/** What the stack asks of whatever runs builds. */
export interface HostOptions {
  token: string
  buildsDir: string
  /** Where it keeps what builds leave to later ones. */
  cacheDir: string
  warmRunners: number
  readablePaths: string[]
  /** Takes what it has to say, and which build it is about. */
  log: (line: string, tags?: { build_uuid?: string }) => void
}

/** `<dir>/stack.json` */
const Address = StackAddress.extend({ port: z.int(), git_port: z.int() })

/**
 * Starts Postgres, the migrations, the Git host, the compute host and the Workers from `dir`, where
 * the next start finds everything again. Throws AlreadyRunningError while another process does.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stops: (() => Promise<void>)[] = []
  const stop = () => stopAll(stops)
  try {
    const stack = await start(options, stops)
    return { ...stack, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  {
    dir,
    port,
    inspectorPort,
    databaseUrl,
    startDatabase = () => startPostgres({ dir: join(dir, 'postgres'), databaseUrl }),
    project = DEMO_PROJECT,
    fresh = false,
    warmRunners = WARM_RUNNERS,
    readablePaths = [],
    mains = {},
    bundles,
    hasPage = false,
    announceIn,
    vars,
    patience,
    callbackUrl,
    webhookUrl,
    gitUrl,
    startHost = startComputeHost,
    compute = 'host',
    images,
    smallImage = false,
    engineHost,
    ...options
  }: StackOptions,
  stops: (() => Promise<void>)[],
): Promise<Omit<Stack, 'stop'>> {
  const { signal = new AbortController().signal, onLine = () => {} } = options
  const onStage = (stage: string) => {
    signal.throwIfAborted()
    options.onStage?.(stage)
  }
  await mkdir(dir, { recursive: true })
  const run = await openRunRecord({ dir })
  stops.push(() => run.close())
  if (announceIn !== undefined) await rm(announceIn, { force: true }) // of a run killed hard
  if (fresh) await clearStack({ dir })
  await makePrivateFolders(dir)
  const address = addressFile(dir)
  const last = await readJsonFile(address, Address.partial())
  const secrets = await openSecrets({ dir })

  const containers =
    compute === 'containers'
      ? await openContainers({ dir, fresh, images, smallImage, signal, onStage })
      : undefined
  if (containers !== undefined) {
    const bounds = boundContainers(containers.engine, {
      worker: containers.worker,
      instance_type: LOCAL_INSTANCE,
      warn: onLine,
    })
    stops.push(() => bounds.close())
    stops.push(() => removeContainers(containers.engine, containers))
  }

  onStage('Postgres')
  const openDatabase = async () => {
    const started = await startDatabase()
    if (started.pid !== null) await run.add({ name: 'postgres', pid: started.pid })
    return started
  }
  let database = await openDatabase()
  stops.push(() => database.stop())

  onStage('migrations')
  await applyMigrations(database)
  const { databaseUrl: ownUrl } = database
  const gitRemote = await addProject({ dir, databaseUrl: ownUrl, secrets, project })
  // Another's server may ask for more than ours, TLS say; wrangler's own way to it knows that.
  const hyperdrive =
    databaseUrl === undefined
      ? await startHyperdrive({ databaseUrl: await openServingRole(database) })
      : undefined
  stops.push(async () => hyperdrive?.close())

  onStage(containers === undefined ? 'Git host and compute host' : 'Git host')
  const gitHubApp = createGitHubApp()
  const gitHost = await startGitHost({
    root: gitFolder(dir),
    token: secrets.github_token,
    app: gitHubApp,
    owner: project.owner,
    port: last?.git_port,
  })
  stops.push(() => gitHost.close())
  const host =
    containers === undefined
      ? await startTheHost({ dir, secrets, warmRunners, readablePaths, startHost, stops, onLine })
      : undefined

  onStage('Workers')
  const clientPort = await freePort({ preferred: [port, last?.port] })
  const url = `http://127.0.0.1:${clientPort}`
  /** As builds reach what listens on this machine. */
  const forBuilds = async (address: string) => {
    if (containers === undefined) return address
    const forwarded = await containers.forward(address)
    stops.push(() => forwarded.close())
    return forwarded.url
  }
  if (hasPage) await buildPage()
  const configs = await writeWorkerConfigs({
    dir,
    mains,
    bundles,
    containers,
    hasPage,
    settings: workerSettings({
      url: await forBuilds(callbackUrl ?? url),
      gitHost: { ...gitHost, url: await forBuilds(gitUrl ?? gitHost.url) },
      secrets,
      gitHubApp,
      compute: host === undefined ? { kind: 'containers' } : { kind: 'host', url: host.url },
      vars,
      patience,
    }),
  })
  const startTheWorkers = () =>
    startWorkers({
      dir,
      configs,
      port: clientPort,
      inspectorPort,
      engineHost,
      connectionString: hyperdrive?.connectionString ?? database.databaseUrl,
      run,
      signal,
      onLine,
    })
  let workers = await startTheWorkers()
  stops.push(() => workers.stop())

  onStage('Scheduler')
  await wakeScheduler({ url, secrets })
  await writeJsonFile(address, {
    url: webhookUrl ?? url,
    git_host_url: gitHost.url,
    port: clientPort,
    git_port: Number(new URL(gitHost.url).port),
  })
  // The ports are asked for again at the next start; the address is no longer true.
  stops.push(async () => {
    const { port, git_port } = (await readJsonFile(address, Address)) ?? {}
    if (port === undefined) await rm(address, { force: true })
    else await writeJsonFile(address, { port, git_port })
  })
  const { account_id, script_tag, token, platform_token } = secrets
  const access = { url, account_id, script_tag, token, platform_token, git_remote: gitRemote }
  if (announceIn !== undefined) {
    await writeJsonFile(announceIn, access)
    stops.push(() => rm(announceIn, { force: true }))
  }
  const parts: StackParts = {
    postgresPid: () => database.pid,
    startPostgres: async () => {
      database = await openDatabase()
    },
    workersPids: () => workers.pids(),
    startWorkers: async () => {
      workers = await startTheWorkers()
      await wakeScheduler({ url, secrets })
    },
  }
  const git_host = { api_url: gitHost.api_url, token: secrets.github_token }
  return {
    ...access,
    databaseUrl: database.databaseUrl,
    git_host,
    ended: workers.ended,
    parts,
    containers: containers && {
      worker: containers.worker,
      engine: containers.engine,
      list: () => listContainers(containers.engine, containers),
    },
  }
}

/** Builds on this machine, as its processes. */
async function startTheHost({
  dir,
  secrets,
  warmRunners,
  readablePaths,
  startHost,
  stops,
  onLine,
}: Required<
  Pick<StackOptions, 'dir' | 'warmRunners' | 'readablePaths' | 'startHost' | 'onLine'>
> & {
  secrets: StackSecrets
  stops: (() => Promise<void>)[]
}): Promise<{ url: string }> {
  const computeLog = openLogFile({ dir, name: 'compute-host' })
  const buildsDir = buildsFolder(dir)
  stops.push(() => removeFolder(buildsDir))
  const host = await startHost({
    token: secrets.compute_host_token,
    buildsDir,
    cacheDir: join(dir, 'cache'),
    warmRunners,
    readablePaths,
    log: (message, { build_uuid } = {}) => {
      // It quotes names of a build's files.
      const line = plainText(build_uuid === undefined ? message : `build ${build_uuid}: ${message}`)
      computeLog.write(line)
      onLine(`compute-host: ${line}`)
    },
  })
  if (host.isolation) computeLog.write(host.isolation)
  stops.push(() => host.close())
  return host
}

/** Builds in containers of this machine's engine. Throws NoContainerEngine where there is none. */
async function openContainers({
  dir,
  fresh,
  images,
  smallImage,
  signal,
  onStage,
}: Required<Pick<StackOptions, 'dir' | 'fresh' | 'images' | 'smallImage' | 'signal' | 'onStage'>>) {
  onStage('container engine')
  const engine = await openEngine()
  const address = await hostAddress(engine)
  const worker = `workers-builds-${hashOf(dir)}`
  // Those of a stack that was killed hard are left to the objects of its builds, if these are kept.
  if (fresh) await removeContainers(engine, { worker })
  onStage('build image')
  const image = async () =>
    (
      await buildImage(engine, {
        small: smallImage,
        signal,
        onLine: (line) => onStage(`build image: ${line}`),
      })
    ).tag
  return {
    engine,
    worker,
    images: images ?? { v1: await image() },
    /** Where containers reach what listens at `url` on 127.0.0.1. */
    forward: async (url: string) => {
      const { name: hostname, listenAt } = address
      const port = Number(new URL(url).port)
      const forwarding =
        listenAt === undefined ? undefined : await startForwarding({ host: listenAt, port })
      return { url: `http://${hostname}:${port}`, close: async () => forwarding?.close() }
    },
  }
}

/**
 * Builds run far from this repository: package managers, compilers and Node look for workspaces,
 * configuration and packages in the folders above a project, and would find ours.
 */
function buildsFolder(dir: string): string {
  return join(tmpdir(), `workers-builds-of-${hashOf(dir)}`)
}

/** What names the stack in `dir` where others of this machine have names too. */
function hashOf(dir: string): string {
  return createHash('sha256').update(dir).digest('hex').slice(0, 12)
}

/**
 * `dir` itself has to be passable for the users that run Postgres and the builds. What the Workers
 * keep, their logs and other builds' repositories are not theirs to see.
 */
async function makePrivateFolders(dir: string): Promise<void> {
  for (const name of ['git', 'logs', 'state', 'workers', 'wrangler']) {
    await mkdir(join(dir, name), { recursive: true })
    await chmod(join(dir, name), 0o700)
  }
}

/** After a restart there may be builds that wait, and Cron Triggers do not fire locally. */
async function wakeScheduler({ url, secrets }: { url: string; secrets: StackSecrets }) {
  const response = await fetch(`${url}/internal/scheduler/wake`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets.platform_token}` },
  })
  if (!response.ok) {
    throw new Error(`Scheduler could not be woken: ${response.status} ${await response.text()}`)
  }
}
