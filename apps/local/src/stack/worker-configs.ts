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

/** The part of a configuration whose paths are relative to its file. */
const RelativePaths = z.looseObject({
  main: z.string(),
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
  settings,
}: {
  dir: string
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
    const { main, ...config } = await readConfig(source)
    const { vars, secrets } = settings[name]
    const file = join(folder, 'wrangler.json')
    const isBundled = bundles !== undefined && mains[name] === undefined
    const own = {
      main: isBundled ? bundles[name] : (mains[name] ?? main),
      no_bundle: isBundled,
      vars: { ...config.vars, ...vars },
    }
    await writeFile(file, JSON.stringify({ ...config, ...own }, null, 2))
    await writeFile(join(folder, '.dev.vars'), formatSecrets(secrets), { mode: 0o600 })
    files.push(file)
  }
  return files
}

/** The entry file of a Worker. */
export async function workerMain(name: WorkerName): Promise<string> {
  return (await readConfig(SOURCES[name])).main
}

/** The configuration in `file` with its paths made absolute. */
async function readConfig(file: string) {
  const config = RelativePaths.parse(parse(await readFile(file, 'utf8')))
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
