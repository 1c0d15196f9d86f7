import { type Manifest, parseManifest, parsePnpmWorkspace } from './manifest.ts'
import { LOCKFILES, type PackageManager } from './package-manager.ts'
import { choose, type Source } from './precedence.ts'
import { isMember } from './workspace-globs.ts'

/** Reads a repository. Paths are relative to its root, which is `''`, with `/` between names. */
export interface Reader {
  /** The text of a file; undefined when there is none. */
  read(path: string): Promise<string | undefined>
  /** Whether there is such a file. */
  exists(path: string): Promise<boolean>
}

/** What installs a project, and where. */
export interface Project {
  packageManager: PackageManager
  /** The version, range or tag that the project asks for; null when it asks for none. */
  version: string | null
  decidedBy: Source
  /** What names the version; null when nothing does. */
  versionSource: Source | null
  /** Where dependencies are installed: the folder itself, or the workspace that it belongs to. */
  installFolder: string
  /** The lockfile of that package manager in that folder; null when there is none. */
  lockfile: string | null
  /** Lockfiles of other package managers in a member of a workspace, where they count for nothing. */
  strayLockfiles: string[]
  /** Whether a pnpm workspace around the project does not list it: pnpm would install that one. */
  isOutsidePnpmWorkspace: boolean
}

/**
 * Looks at the folder that is built, and at those around it up to the repository's root. Answers
 * with undefined when the folder has no package.json.
 *
 * A folder that a workspace lists is installed with that workspace, whatever lockfile lies in it: its
 * package manager would do the same. Any other folder is a project of its own.
 */
export async function readProject(reader: Reader, folder: string): Promise<Project | undefined> {
  const own = await readManifest(reader, folder)
  if (own === undefined) return undefined
  const parents = await Promise.all(parentsOf(folder).map((parent) => readFolder(reader, parent)))
  const workspace = parents.find(({ path, globs }) => isMember(relativeTo(path, folder), globs))
  const installFolder = workspace?.path ?? folder
  const around = workspace === undefined ? parents : parents.slice(parents.indexOf(workspace) + 1)
  const [lockfiles, ownLockfiles, hasPnpmWorkspace] = await Promise.all([
    findLockfiles(reader, installFolder),
    workspace === undefined ? [] : findLockfiles(reader, folder),
    workspace?.hasPnpmWorkspace ?? reader.exists(join(folder, PNPM_WORKSPACE)),
  ])
  const choice = choose({
    own,
    install: workspace === undefined ? own : (workspace.manifest ?? { workspaces: [] }),
    lockfiles,
    hasPnpmWorkspace,
    around: around.flatMap(({ manifest }) => manifest ?? []),
  })
  const isOfChoice = (lockfile: string) =>
    LOCKFILES.some(
      (row) => row.lockfile === lockfile && row.packageManager === choice.packageManager,
    )
  return {
    ...choice,
    installFolder,
    lockfile: lockfiles.find(isOfChoice) ?? null,
    strayLockfiles: ownLockfiles.filter((lockfile) => !isOfChoice(lockfile)),
    isOutsidePnpmWorkspace: !hasPnpmWorkspace && around.some((each) => each.hasPnpmWorkspace),
  }
}

const PNPM_WORKSPACE = 'pnpm-workspace.yaml'

interface Folder {
  path: string
  manifest: Manifest | undefined
  hasPnpmWorkspace: boolean
  /** Which folders below are members of a workspace here. */
  globs: string[]
}

async function readFolder(reader: Reader, path: string): Promise<Folder> {
  const [manifest, pnpmWorkspace] = await Promise.all([
    readManifest(reader, path),
    reader.read(join(path, PNPM_WORKSPACE)),
  ])
  return {
    path,
    manifest,
    hasPnpmWorkspace: pnpmWorkspace !== undefined,
    globs: [...(manifest?.workspaces ?? []), ...parsePnpmWorkspace(pnpmWorkspace ?? '')],
  }
}

async function readManifest(reader: Reader, folder: string): Promise<Manifest | undefined> {
  const text = await reader.read(join(folder, 'package.json'))
  return text === undefined ? undefined : parseManifest(text)
}

async function findLockfiles(reader: Reader, folder: string): Promise<string[]> {
  const names = LOCKFILES.map(({ lockfile }) => lockfile)
  const areThere = await Promise.all(names.map((name) => reader.exists(join(folder, name))))
  return names.filter((_, index) => areThere[index])
}

/** `a/b` → `a`, `''`: the nearest first. */
function parentsOf(folder: string): string[] {
  const names = folder === '' ? [] : folder.split('/')
  return names.map((_, index) => names.slice(0, names.length - 1 - index).join('/'))
}

function relativeTo(parent: string, folder: string): string {
  return parent === '' ? folder : folder.slice(parent.length + 1)
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
