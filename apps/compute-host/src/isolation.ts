import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BuildFolder } from './build-folder.ts'
import { makeBuildFolder } from './build-folder.ts'
import { canSeparateUsers, pickUid } from './build-uids.ts'
import { BuildView } from './build-view.ts'
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
  /** What commands of builds are prefixed with so that set-user-id programs change nothing. */
  noNewPrivileges: string[]
  /** What a build sees of the machine; undefined where it sees what its user sees. */
  view: BuildView | undefined
  /** How builds are kept apart, in one plain sentence for the operator. */
  description: string
}

export interface IsolationOptions {
  buildsDir: string
  runnerCommand: string[] | undefined
  /** Paths on this machine that builds have to read, such as a repository that they clone. */
  readablePaths: string[]
  /** Whether builds get namespaces of their own where the system has them. */
  namespaces: boolean
  /** The most that a build may have in /dev/shm, and again as much in System V's shared memory. */
  sharedMemoryBytes: number
  /** The environment of a build in `folder` that is run by the Node `node`. */
  environmentOf(folder: BuildFolder, node: string): Record<string, string>
}

type Placement = Pick<Isolation, 'buildsDir' | 'runnerCommand'>

const TRY_TIMEOUT_MS = 30_000

/** All that a build begins with. Arguments: paths that it has to read, `--`, what runs the runner. */
const TRY = `
set -e
while test "$1" != --; do ls "$1"; shift; done
shift
mkdir "$HOME/try"
"$@" --check
npm --version
git --version
`

/**
 * Finds out, by trying, how builds can be kept apart on this machine: by namespaces and a user of
 * their own, by a user only, or not at all. Where another user cannot reach this repository, since
 * it lies below a private folder, builds get a copy of Node, and folders of their own in the
 * system's temporary folder.
 */
export async function prepareIsolation(options: IsolationOptions): Promise<Isolation> {
  const { buildsDir, namespaces } = options
  await makeSharedFolder(buildsDir)
  const together = await placeRunner(buildsDir, { copyNode: false }, options)
  const shared = { ...together, separateUsers: false, noNewPrivileges: [], view: undefined }
  if (!canSeparateUsers()) {
    const description = 'Builds run as your own user: they can read what you can read.'
    return { ...shared, description }
  }
  const noNewPrivileges = await findNoNewPrivileges()
  let reason = 'namespaces are switched off'
  for (const withView of namespaces ? [true, false] : [false]) {
    const description = withView
      ? 'Builds have a user, processes, IPC and temporary folders of their own.'
      : `Builds have a user of their own; they share processes, IPC and temporary folders: ${reason}.`
    for (const place of [async () => together, () => placeApart(options)]) {
      const placement = await place()
      try {
        const view = await tryBuild(placement, { ...options, withView })
        return { ...placement, separateUsers: true, noNewPrivileges, view, description }
      } catch (error) {
        reason = reasonOf(error)
      }
    }
  }
  await removeFolder(publicFolderOf(buildsDir))
  const description = `Builds run as root: another user cannot run Node, npm and git here, or not read what it has to: ${reason}.`
  return { ...shared, description }
}

/** Users that are the host's own may be ones who need sudo; those of builds never are. */
async function findNoNewPrivileges(): Promise<string[]> {
  const prefix = ['setpriv', '--no-new-privs']
  const [program = '', ...args] = [...prefix, 'true']
  return await promisify(execFile)(program, args).then(
    () => prefix,
    () => [],
  )
}

async function placeApart(options: IsolationOptions): Promise<Placement> {
  const publicDir = await makeSharedFolder(publicFolderOf(options.buildsDir))
  return await placeRunner(publicDir, { copyNode: true }, options)
}

async function placeRunner(
  buildsDir: string,
  { copyNode }: { copyNode: boolean },
  { runnerCommand }: IsolationOptions,
): Promise<Placement> {
  const folder = join(buildsDir, 'runner')
  return { buildsDir, runnerCommand: runnerCommand ?? (await makeRunner({ folder, copyNode })) }
}

/** Where builds go when others cannot reach `buildsDir`. */
export function publicFolderOf(buildsDir: string): string {
  const name = createHash('sha256').update(buildsDir).digest('hex').slice(0, 12)
  return join(tmpdir(), `workers-builds-${name}`)
}

/** Answers with the view that builds get. Throws where a build of another user could not begin. */
async function tryBuild(
  placement: Placement,
  options: IsolationOptions & { withView: boolean },
): Promise<BuildView | undefined> {
  const { buildsDir, runnerCommand } = placement
  const [node = ''] = runnerCommand
  const readablePaths = [...options.readablePaths, node]
  const { sharedMemoryBytes } = options
  const view = options.withView
    ? await BuildView.open({ buildsDir, readablePaths, sharedMemoryBytes })
    : undefined
  try {
    await runTry(placement, { ...options, view })
    return view
  } catch (error) {
    await view?.close()
    throw error
  }
}

async function runTry(
  { buildsDir, runnerCommand }: Placement,
  { readablePaths, environmentOf, view }: IsolationOptions & { view: BuildView | undefined },
): Promise<void> {
  const uid = pickUid({ taken: new Set(), used: [buildsDir] })
  const folder = await makeBuildFolder(join(buildsDir, `try-${crypto.randomUUID()}`), uid)
  try {
    const tried = ['sh', '-c', TRY, 'sh', ...readablePaths, '--', ...runnerCommand]
    const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', ...tried]
    const [program = '', ...args] = view ? await view.command(asUser, folder) : tried
    await promisify(execFile)(program, args, {
      cwd: folder.home,
      env: environmentOf(folder, runnerCommand[0] ?? ''),
      timeout: TRY_TIMEOUT_MS,
      ...(view === undefined && { uid, gid: uid }),
    })
  } finally {
    await removeFolder(folder.path)
  }
}

/** What a program that failed printed last, or what kept it from starting. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr?.trim() || message).split('\n').at(-1) ?? ''
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
