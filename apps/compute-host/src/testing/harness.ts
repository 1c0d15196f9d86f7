import { execFileSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BuildSpec, LogLine } from '@workers-builds/contracts'
import { ComputeBuild, RunnerLogFlush, RunnerStatusUpdate } from '@workers-builds/contracts'
import { test as base } from 'vitest'
import type { ComputeHost, ComputeHostOptions } from '../start-compute-host.ts'
import { startComputeHost } from '../start-compute-host.ts'

const TOKEN = 'token-of-this-compute-host'

/** Between two looks at a build, which is to have the processor meanwhile. */
const LOOK_MS = 50

/** A control plane that stores all it is sent, of any number of builds. */
class ControlPlane extends EventEmitter<{ change: [] }> {
  readonly #lines = new Map<string, LogLine[]>()
  readonly #stopped = new Map<string, RunnerStatusUpdate>()
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const [build_uuid = '', path] = request.url?.split('/').slice(-2) ?? []
    const stored = this.#lines.get(build_uuid) ?? []
    this.#lines.set(build_uuid, stored)
    if (path === 'logs') {
      const { first_line, lines } = RunnerLogFlush.parse(body)
      stored.splice(first_line, lines.length, ...lines)
    } else {
      const update = RunnerStatusUpdate.parse(body)
      if (update.status === 'stopped') this.#stopped.set(build_uuid, update)
    }
    this.emit('change')
    response.end(JSON.stringify({ v: 1, next_runner_line: stored.length }))
  })

  /** The log of a build so far. */
  messages({ build_uuid }: BuildSpec): string[] {
    return this.#lines.get(build_uuid)?.map(([, , message]) => message) ?? []
  }

  /** The last word on a build. */
  stopped({ build_uuid }: BuildSpec): RunnerStatusUpdate | undefined {
    return this.#stopped.get(build_uuid)
  }

  /** Waits until a build has written `message`. */
  async untilLogged(spec: BuildSpec, message: string | RegExp): Promise<void> {
    const isThere = (line: string) =>
      // The words of a command stand in the log before it runs.
      typeof message === 'string' ? line === message : message.test(line)
    while (!this.messages(spec).some(isThere)) {
      if (this.stopped(spec)) throw new Error(`Never logged:\n${this.messages(spec).join('\n')}`)
      await once(this, 'change')
    }
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** A host, a repository and a control plane that are gone when the test is over. */
export class Harness {
  readonly controlPlane = new ControlPlane()
  readonly token = TOKEN
  /** What the host logged. */
  readonly logLines: string[] = []
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'compute-host-')))
  /** What builds clone. */
  readonly repository = join(this.folder, 'repository')
  readonly #hosts: ComputeHost[] = []
  #url = ''

  constructor() {
    // Builds of other users have to pass through it, as they can through a usual folder.
    chmodSync(this.folder, 0o755)
    mkdirSync(this.repository)
  }

  /** Its builds do not give way to the suites beside this one, unless `defaults` say so. */
  async startHost(
    options: Partial<ComputeHostOptions> = {},
    defaults: Partial<ComputeHostOptions> = { niceness: 0 },
  ): Promise<ComputeHost> {
    const host = await startComputeHost({
      token: TOKEN,
      buildsDir: join(this.folder, 'builds'),
      readablePaths: [this.repository],
      log: (line) => this.logLines.push(line),
      ...defaults,
      ...options,
    })
    this.#hosts.push(host)
    this.#url = host.url
    return host
  }

  /** Calls a host that was started in another way. */
  useHost(url: string): void {
    this.#url = url
  }

  /** A build of a repository in which there is nothing to install, but for `files`. */
  spec(changes: Partial<BuildSpec> = {}, files: Record<string, string> = {}): BuildSpec {
    return {
      v: 1,
      build_uuid: crypto.randomUUID(),
      callback: { base_url: this.controlPlane.url, token: 'callback-token' },
      deadline_on: Date.now() + 600_000,
      heartbeat_seconds: 10,
      repository: {
        clone_url: this.repository,
        branch: 'main',
        commit_hash: makeRepository(this.repository, files),
        credentials: null,
        depth: 1,
        submodules: true,
      },
      worker: null,
      build_command: 'true',
      deploy_command: '',
      network: 'full',
      root_directory: '/',
      instance_type: null,
      cache: null,
      environment_variables: {},
      ...changes,
    }
  }

  async call(
    method: string,
    path: string,
    { body, token = TOKEN }: { body?: unknown; token?: string } = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }

  async start(spec: BuildSpec): Promise<ComputeBuild> {
    const path = `/builds/${spec.build_uuid}`
    const { body } = await this.call('PUT', path, { body: { v: 1, spec } })
    return ComputeBuild.parse(body)
  }

  async state(spec: BuildSpec): Promise<string> {
    const { body } = await this.call('GET', `/builds/${spec.build_uuid}`)
    return ComputeBuild.parse(body).state
  }

  /** Waits until the host says that nothing of the build is left. */
  async untilExited(spec: BuildSpec): Promise<void> {
    while ((await this.state(spec)) !== 'exited') await delay(LOOK_MS)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#hosts) await host.close()
    await this.controlPlane.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function makeRepository(folder: string, files: Record<string, string>): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
  git('-c', 'init.defaultBranch=main', 'init', '--quiet')
  writeFileSync(join(folder, 'README.md'), 'nothing to install\n')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  git('add', '--all')
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']
  git(...person, 'commit', '--quiet', '--allow-empty', '--message=test')
  return git('rev-parse', 'HEAD').trim()
}

/** A test with a harness `h` of its own. */
export const test = base.extend<{ h: Harness }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs from here
  h: async ({}, use) => {
    await using h = new Harness()
    await h.controlPlane.listen()
    await use(h)
  },
})
