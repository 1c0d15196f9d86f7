import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import { z } from 'zod'

export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url))

/** The Workers' configuration files; the first Worker is the one with the HTTP port. */
export const SOURCES = {
  client: join(REPOSITORY, 'wrangler.toml'),
  'build-management': join(REPOSITORY, 'apps/build-management/wrangler.toml'),
  'build-errors': join(REPOSITORY, 'apps/build-errors/wrangler.toml'),
}
export type WorkerName = keyof typeof SOURCES

/** What one Worker is given on this machine beside what its configuration says. */
export interface WorkerSettings {
  vars: Record<string, string | object>
  secrets: Record<string, string>
}

/** The Worker whose Durable Objects have containers. */
const BUILD_MANAGEMENT = 'workers-builds-build-management'

/** What is changed of a configuration here, such as paths, which are relative to its file. */
const Changed = z.looseObject({
  main: z.string(),
  /** What a deployment does first: here the stack does it. */
  build: z.unknown().optional(),
  containers: z.array(z.looseObject({})).default([]),
  alias: z.record(z.string(), z.string()).default({}),
  assets: z.looseObject({ directory: z.string().optional() }).optional(),
  vars: z.record(z.string(), z.unknown()).default({}),
})

/**
 * Writes a configuration for each Worker under `dir`, from the repository's own, and answers their
 * paths. Each stack has copies because secrets of a Worker are read from beside its configuration,
 * where several stacks of one checkout would overwrite each other's.
 */
export async function writeWorkerConfigs({
  dir,
  mains = {},
  bundles,
  containers,
  hasPage = false,
  settings,
}: {
  dir: string
  /** Whether the client Worker serves the web page, which is built. */
  hasPage?: boolean
  /** What builds run in; their configuration is left out without. */
  containers?: { worker: string; images: Record<string, string> } | undefined
  /** Files to run as they are, without bundling, where `mains` names no other. */
  bundles?: Record<WorkerName, string> | undefined
  /** Entry files to use in place of those that the configurations name. */
  mains?: Partial<Record<WorkerName, string>>
  settings: Record<WorkerName, WorkerSettings>
}): Promise<string[]> {
  const files: string[] = []
  for (const [name, source] of Object.entries(SOURCES) as [WorkerName, string][]) {
    const folder = join(dir, 'workers', name)
    await mkdir(folder, { recursive: true })
    const { main, build: _, assets, containers: applications, ...config } = await readConfig(source)
    const { vars, secrets } = settings[name]
    const file = join(folder, 'wrangler.json')
    const isBundled = bundles !== undefined && mains[name] === undefined
    const own = {
      main: isBundled ? bundles[name] : (mains[name] ?? main),
      no_bundle: isBundled,
      ...(hasPage && assets !== undefined && { assets }),
      vars: { ...config.vars, ...vars },
      ...(containers !== undefined && {
        containers: await Promise.all(
          applications.map(async (application) => ({
            ...application,
            images: await writeDockerfiles({ folder, images: containers.images }),
          })),
        ),
      }),
    }
    const text = JSON.stringify({ ...config, ...own }, null, 2)
    await writeFile(file, containers === undefined ? text : renamed(text, containers))
    await writeFile(join(folder, '.dev.vars'), formatSecrets(secrets), { mode: 0o600 })
    files.push(file)
  }
  return files
}

/**
 * workerd names containers after their Worker, so it is called as no other stack's of this machine
 * is: by itself and by the Workers that name it.
 */
function renamed(config: string, { worker }: { worker: string }): string {
  return config.replaceAll(JSON.stringify(BUILD_MANAGEMENT), JSON.stringify(worker))
}

/** wrangler takes no image of this machine by its tag, but a Dockerfile that begins with it. */
async function writeDockerfiles({
  folder,
  images,
}: {
  folder: string
  images: Record<string, string>
}): Promise<Record<string, { dockerfile: string }>> {
  const entries = Object.entries(images).map(async ([name, tag]) => {
    const dockerfile = join(folder, 'images', name, 'Dockerfile')
    await mkdir(dirname(dockerfile), { recursive: true })
    await writeFile(dockerfile, `FROM ${tag}\n`)
    return [name, { dockerfile }] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** A configuration with which a Worker can be bundled by itself, without its page and its containers. */
export async function bundlingConfig(name: WorkerName) {
  const { build: _, assets: __, containers: ___, ...config } = await readConfig(SOURCES[name])
  return config
}

/** The configuration in `file` with its paths made absolute. */
async function readConfig(file: string) {
  const config = Changed.parse(parse(await readFile(file, 'utf8')))
  const absolute = (path: string) => resolve(dirname(file), path)
  const alias = Object.entries(config.alias).map(([name, path]) => [
    name,
    path.startsWith('.') ? absolute(path) : path,
  ])
  return {
    ...config,
    main: absolute(config.main),
    alias: Object.fromEntries(alias) as Record<string, string>,
    ...(config.assets?.directory !== undefined && {
      assets: { ...config.assets, directory: absolute(config.assets.directory) },
    }),
  }
}

/** Single quotes keep a value as it is; none of ours has one. */
function formatSecrets(secrets: Record<string, string>): string {
  return Object.entries(secrets)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')
}
