import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bundleRunner } from '@workers-builds/compute-host'
import { REPOSITORY } from '../stack/worker-configs.ts'
import type { ContainerEngine } from './engine.ts'
import { findOrigins } from './origins.ts'

const FOLDER = join(REPOSITORY, 'apps/build-image')
const RUNNER = join(FOLDER, 'dist', 'build-runner.mjs')
/** All that an image is made of, beside its build arguments. */
const SOURCES = [
  join(FOLDER, 'Dockerfile'),
  join(FOLDER, 'install-tools.sh'),
  join(FOLDER, 'tools.json'),
  RUNNER,
]

/** Node, npm and git, and nothing that has to be compiled: made in a fraction of the time. */
const SMALL = {
  APT_PACKAGES: 'ca-certificates curl git iproute2 jq procps tini unzip xz-utils',
  TOOLS: '',
}

export interface BuildImage {
  /** What a Dockerfile can begin with. */
  tag: string
  /** Size of all layers. */
  bytes: number
  /** Size of the last one, which is all that a new runner changes. */
  runner_bytes: number
  /** How long it took; null when it was there. */
  seconds: number | null
}

/** Bundles the runner to where the Dockerfile takes it from. */
export async function prepareRunner(): Promise<void> {
  await mkdir(join(FOLDER, 'dist'), { recursive: true })
  const runner = bundleRunner()
  // A file that stays as it is keeps the layers of an image.
  const present = await readFile(RUNNER, 'utf8').catch(() => undefined)
  if (present !== runner) await writeFile(RUNNER, runner)
}

/** Builds the image of build containers on this machine, unless it is there already. */
export async function buildImage(
  engine: ContainerEngine,
  {
    small = false,
    signal,
    onLine,
  }: {
    /** Without the tools that most projects do not use. */
    small?: boolean
    signal?: AbortSignal | undefined
    /** Takes what is done, line by line. */
    onLine: (line: string) => void
  },
): Promise<BuildImage> {
  await prepareRunner()
  const origins = await findOrigins()
  const args = { ...origins.args, ...(small && SMALL) }
  const tag = `workers-builds-build-image:${await contentHash(args)}`
  const measure = async (seconds: number | null): Promise<BuildImage> => {
    const [bytes, layers] = await Promise.all([
      engine.docker('image', 'inspect', tag, '--format', '{{.Size}}'),
      engine.docker('history', tag, '--no-trunc', '--human=false', '--format', '{{.Size}}'),
    ])
    // The newest layer comes first; those of settings are empty.
    const runner_bytes =
      layers
        .split('\n')
        .map(Number)
        .find((size) => size > 0) ?? 0
    return { tag, bytes: Number(bytes), runner_bytes, seconds }
  }
  const isThere = await engine.docker('image', 'inspect', tag).then(
    () => true,
    () => false,
  )
  if (isThere) return await measure(null)
  for (const note of origins.notes) onLine(note)
  const startedAt = performance.now()
  const buildArgs = Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`)
  const child = spawn(
    engine.program,
    ['build', '--platform=linux/amd64', `--tag=${tag}`, ...buildArgs, FOLDER],
    { stdio: ['ignore', 'pipe', 'pipe'], ...(signal !== undefined && { signal }) },
  )
  const last: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      last.splice(0, last.length - 20)
      last.push(line)
      // As the two builders of Docker's print the steps that take time.
      const step = /^(?:Step|#\d+ \[)\s*(\d+\/\d+)\]?(?: :)? RUN /.exec(line)?.[1]
      if (step !== undefined) onLine(`step ${step}`)
    })
  }
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The build image could not be built:\n${last.join('\n')}`)
  return await measure((performance.now() - startedAt) / 1_000)
}

async function contentHash(args: Record<string, string>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(args))
  for (const source of SOURCES) hash.update(await readFile(source))
  return hash.digest('hex').slice(0, 12)
}
