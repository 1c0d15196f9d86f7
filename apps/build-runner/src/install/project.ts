import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, matchesGlob, relative } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { PackageManagerChoice } from './package-manager.ts'
import { choosePackageManager, LOCKFILE_NAMES } from './package-manager.ts'

/** What there is to install, and with what. */
export interface Project extends PackageManagerChoice {
  /** Where dependencies are installed: the folder itself, or the workspace that it belongs to. */
  installFolder: string
  /** Whether the Yarn lockfile is of the first generation. */
  isYarnClassicLockfile: boolean
}

const Manifest = z.object({
  packageManager: z.unknown().optional(),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) })])
    .transform((value) => (Array.isArray(value) ? value : value.packages))
    .catch([]),
})
type Manifest = z.infer<typeof Manifest>

/**
 * Looks at the folder that is built, and at its parents up to the repository's root. Answers with
 * undefined when there is no package.json. A manifest that cannot be read is left for the package
 * manager to complain of.
 */
export async function readProject(options: {
  repository: string
  folder: string
}): Promise<Project | undefined> {
  const { folder } = options
  const own = await readManifest(folder)
  if (own === undefined) return undefined
  const installFolder = await findInstallFolder(options)
  const files = await readdir(installFolder)
  const root = await readManifest(installFolder)
  const choice = choosePackageManager({
    packageManagerFields: [own.packageManager, root?.packageManager],
    files,
  })
  const yarnLock = choice.lockfile === 'yarn.lock' && (await read(installFolder, 'yarn.lock'))
  return {
    ...choice,
    installFolder,
    isYarnClassicLockfile: yarnLock ? !yarnLock.includes('__metadata:') : false,
  }
}

/** The folder itself if it has a lockfile, else the nearest workspace that the folder is part of. */
async function findInstallFolder(options: { repository: string; folder: string }): Promise<string> {
  const { repository, folder } = options
  const files = await readdir(folder)
  if (files.some((file) => LOCKFILE_NAMES.includes(file))) return folder
  for (let parent = folder; parent !== repository; ) {
    parent = dirname(parent)
    if (isMember(relative(parent, folder), await readWorkspaceGlobs(parent))) return parent
  }
  return folder
}

async function readWorkspaceGlobs(folder: string): Promise<string[]> {
  const manifest = await readManifest(folder)
  return [...(manifest?.workspaces ?? []), ...(await readPnpmPackages(folder))]
}

async function readPnpmPackages(folder: string): Promise<string[]> {
  const text = await read(folder, 'pnpm-workspace.yaml')
  if (text === undefined) return []
  try {
    const workspace = z.object({ packages: z.array(z.string()) })
    return workspace.safeParse(parseYaml(text)).data?.packages ?? []
  } catch {
    return [] // no YAML: pnpm says so when it is run
  }
}

/** Whether a workspace with these globs has `path` (relative to it) as a member. */
export function isMember(path: string, globs: string[]): boolean {
  const matches = (glob: string) => matchesGlob(path, glob.replace(/^\.\//, '').replace(/\/+$/, ''))
  return (
    globs.some((glob) => !glob.startsWith('!') && matches(glob)) &&
    !globs.some((glob) => glob.startsWith('!') && matches(glob.slice(1)))
  )
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await read(folder, 'package.json')
  if (text === undefined) return undefined
  const unreadable: Manifest = { workspaces: [] } // npm tells better what is wrong with it
  try {
    return Manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data ?? unreadable
  } catch {
    return unreadable
  }
}

async function read(folder: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, file), 'utf8')
  } catch {
    return undefined // not there, or a folder
  }
}
