import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildSpec } from '@workers-builds/contracts'
import { listProcesses, startedWith } from '@workers-builds/process-tree'
import { test as base, inject } from 'vitest'
import { FakeControlPlane } from './fake-control-plane.ts'
import type { GitRepository } from './git-repository.ts'
import { makeRepository } from './git-repository.ts'
import type {} from './runner.global-setup.ts'

/** Whatever of a build's spec a test wants to be otherwise. */
export type SpecChanges = Partial<Omit<BuildSpec, 'repository' | 'environment_variables'>> & {
  repository?: Partial<BuildSpec['repository']>
  /** Secrets begin with `secret:`. */
  variables?: Record<string, string>
}

/** A runner that runs as the real program. */
export interface RunningRunner {
  spec: BuildSpec
  home: string
  child: ChildProcess
  /** Everything that the runner itself printed. */
  printed(): string
  exited: Promise<number | null>
  /** The living processes of this build. */
  processes(): number[]
}

/** Folders, a control plane and runners that are gone when the test is over. */
export class Harness {
  readonly controlPlane = new FakeControlPlane()
  readonly #folder: string
  readonly #runners: RunningRunner[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  folder(name: string): string {
    return join(this.#folder, name)
  }

  repository(files: Record<string, string>, name = 'origin'): GitRepository {
    return makeRepository(this.folder(name), files)
  }

  spec(repository: GitRepository, changes: SpecChanges = {}): BuildSpec {
    const { variables = {}, repository: repositoryChanges, ...others } = changes
    return {
      v: 1,
      build_uuid: crypto.randomUUID(),
      callback: { base_url: this.controlPlane.url, token: this.controlPlane.token },
      deadline_on: Date.now() + 10 * 60_000,
      heartbeat_seconds: 10,
      repository: {
        clone_url: repository.folder,
        branch: 'main',
        commit_hash: repository.commit_hash,
        credentials: null,
        depth: 1,
        submodules: true,
        ...repositoryChanges,
      },
      worker: { script_name: 'demo-worker', script_tag: 'a'.repeat(32) },
      build_command: '',
      deploy_command: '',
      network: 'full',
      root_directory: '/',
      instance_type: null,
      cache: null,
      environment_variables: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => {
          const is_secret = value.startsWith('secret:')
          return [name, { is_secret, value: value.replace(/^secret:/, '') }]
        }),
      ),
      ...others,
    }
  }

  /** Starts the program as a compute host does. */
  async start(
    repository: GitRepository,
    changes: SpecChanges = {},
    environment: Record<string, string> = {},
    makeHome: (home: string) => Promise<unknown> = mkdir,
  ): Promise<RunningRunner> {
    const spec = this.spec(repository, changes)
    const home = this.folder(spec.build_uuid)
    await makeHome(home)
    const child = spawn(process.execPath, [inject('runner')], {
      cwd: home,
      env: { ...ownEnvironment(), ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += chunk
    })
    child.stderr.on('data', (chunk) => {
      printed += chunk
    })
    child.stdin.write(`${JSON.stringify(spec)}\n`)
    const runner: RunningRunner = {
      spec,
      home,
      child,
      printed: () => printed,
      exited: once(child, 'exit').then(([code]) => code),
      processes: () =>
        startedWith(`WORKERS_CI_BUILD_UUID=${spec.build_uuid}`)(listProcesses()).map(
          ({ pid }) => pid,
        ),
    }
    this.#runners.push(runner)
    return runner
  }

  /** Runs a build to its end. */
  async run(...args: Parameters<Harness['start']>): Promise<RunningRunner> {
    const runner = await this.start(...args)
    await runner.exited
    return runner
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child, exited } of this.#runners) {
      child.stdin?.end()
      await exited
    }
    await this.controlPlane.close()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** By what package managers reach their registries on this machine, and where Node's cache is. */
const KEPT_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'PIP_INDEX_URL',
  'GOPROXY',
  'NODE_COMPILE_CACHE',
]

/** What the machine needs to reach a registry, and a PATH without what the tests are run with. */
function ownEnvironment(): Record<string, string> {
  const folders = (process.env['PATH'] ?? '').split(':')
  const variables = KEPT_VARIABLES.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    PATH: folders.filter((folder) => !folder.includes('/node_modules/')).join(':'),
    ...Object.fromEntries(variables),
  }
}

/** A test with a harness `h` of its own. */
export const test = base.extend<{ h: Harness }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs from here
  h: async ({}, use) => {
    await using h = new Harness(await realpath(await mkdtemp(join(tmpdir(), 'build-runner-'))))
    await h.controlPlane.listen()
    await use(h)
  },
})
