import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuildFolder } from './build-folder.ts'
import { makeBuildFolder } from './build-folder.ts'
import { canNameUsers } from './build-name.ts'
import { canSeparateUsers, pickUid, runsAs } from './build-uids.ts'
import { makeRunner } from './make-runner.ts'
import { removeFolder } from './remove-folder.ts'

/** How this host runs builds. */
export interface Isolation {
  /** Where each build gets a folder of its own. */
  buildsDir: string
  /** Node and the runner. */
  runnerCommand: string[]
  /** Whether each build runs as a user of its own. */
  separateUsers: boolean
  /** Whether that user can be given a name. */
  canName: boolean
  /** Why it does not, for the operator. */
  warning: string | undefined
}

export interface IsolationOptions {
  buildsDir: string
  runnerCommand: string[] | undefined
  /** Paths on this machine that builds have to read, such as a repository that they clone. */
  readablePaths: string[]
  /** The environment of a build in `folder` that is run by the Node `node`. */
  environmentOf(folder: BuildFolder, node: string): Record<string, string>
}

/**
 * Finds out, by trying, how builds can be kept apart on this machine. Where another user cannot
 * reach this repository, since it lies below a private folder, builds get a copy of Node, and
 * folders of their own in the system's temporary folder.
 */
export async function prepareIsolation(options: IsolationOptions): Promise<Isolation> {
  const { buildsDir } = options
  await makeSharedFolder(buildsDir)
  const together = await placeRunner(buildsDir, { copyNode: false }, options)
  if (!canSeparateUsers()) {
    const warning = 'Builds run as your own user: they can read what you can read.'
    return { ...together, separateUsers: false, canName: false, warning }
  }
  const canName = canNameUsers()
  if (await canRunBuilds(together, options)) {
    return { ...together, separateUsers: true, canName, warning: undefined }
  }
  const publicDir = await makeSharedFolder(publicFolderOf(buildsDir))
  const apart = await placeRunner(publicDir, { copyNode: true }, options)
  if (await canRunBuilds(apart, options)) {
    return { ...apart, separateUsers: true, canName, warning: undefined }
  }
  await removeFolder(publicDir)
  const warning =
    'Builds run as root: another user cannot run Node, npm and git here, or not read what it has to.'
  return { ...together, separateUsers: false, canName: false, warning }
}

async function placeRunner(
  buildsDir: string,
  { copyNode }: { copyNode: boolean },
  { runnerCommand }: IsolationOptions,
): Promise<Pick<Isolation, 'buildsDir' | 'runnerCommand'>> {
  const folder = join(buildsDir, 'runner')
  return { buildsDir, runnerCommand: runnerCommand ?? (await makeRunner({ folder, copyNode })) }
}

/** Where builds go when others cannot reach `buildsDir`. */
export function publicFolderOf(buildsDir: string): string {
  const name = createHash('sha256').update(buildsDir).digest('hex').slice(0, 12)
  return join(tmpdir(), `workers-builds-${name}`)
}

/** Tries all that a build begins with, as a user that is nobody else. */
async function canRunBuilds(
  { buildsDir, runnerCommand }: Pick<Isolation, 'buildsDir' | 'runnerCommand'>,
  { readablePaths, environmentOf }: IsolationOptions,
): Promise<boolean> {
  const uid = pickUid(new Set())
  const folder = await makeBuildFolder(join(buildsDir, `try-${crypto.randomUUID()}`), uid)
  try {
    const environment = environmentOf(folder, runnerCommand[0] ?? '')
    const tries = [
      ['mkdir', join(folder.home, 'try')],
      [...runnerCommand, '--check'],
      ['npm', '--version'],
      ['git', '--version'],
      ...readablePaths.map((path) => ['ls', path]),
    ]
    return tries.every((command) => runsAs(uid, command, { folder: folder.home, environment }))
  } finally {
    await removeFolder(folder.path)
  }
}

/** Makes a folder that all may pass and only we may change; throws if somebody else made it. */
async function makeSharedFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o711 })
  const stats = await lstat(path)
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) {
    throw new Error(`${path} belongs to somebody else; remove it, or set TMPDIR to another folder`)
  }
  await chmod(path, 0o711)
  return path
}
