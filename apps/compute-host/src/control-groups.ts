/**
 * Control groups of Linux: what the processes of a build use together is counted and bounded by the
 * kernel. Both versions are used, since a machine may have one controller in the one and one in the
 * other.
 */
import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BuildLimit } from '@workers-builds/contracts'
import { type Mount, parseMounts } from './mounts.ts'

/** A group that has just lost its last process may be busy for a moment. */
const REMOVAL_TRIES = 50
const REMOVAL_PAUSE_MS = 20

type Controller = 'memory' | 'pids'

/** What a controller of one version is called, and what is written to keep a build to `limit`. */
interface Interface {
  /** Files and what to write to them; one that is not there is left out, but for the first. */
  settings(limit: number): [file: string, value: string][]
  /** Where the kernel counts how often the limit was reached, and under which name. */
  counter: { file: string; key: string }
}

const INTERFACES: Record<Controller, Record<'v1' | 'v2', Interface>> = {
  memory: {
    v1: {
      settings: (bytes) => [
        ['memory.limit_in_bytes', `${bytes}`],
        ['memory.memsw.limit_in_bytes', `${bytes}`],
      ],
      counter: { file: 'memory.oom_control', key: 'oom_kill' },
    },
    v2: {
      settings: (bytes) => [
        ['memory.max', `${bytes}`],
        ['memory.swap.max', '0'],
      ],
      counter: { file: 'memory.events', key: 'oom_kill' },
    },
  },
  pids: {
    v1: {
      settings: (count) => [['pids.max', `${count}`]],
      counter: { file: 'pids.events', key: 'max' },
    },
    v2: {
      settings: (count) => [['pids.max', `${count}`]],
      counter: { file: 'pids.events', key: 'max' },
    },
  },
}

/** A group of one build for one controller. */
export interface ControlGroup {
  folder: string
  counter: NonNullable<BuildLimit['counter']>
}

/** Where this host makes groups for one controller. */
export class ControlGroups {
  /** Which version of control groups has the controller. */
  readonly version: 'v1' | 'v2'
  readonly #controller: Controller
  /** The folder of this host's groups. */
  readonly #folder: string

  private constructor(options: { version: 'v1' | 'v2'; controller: Controller; folder: string }) {
    this.version = options.version
    this.#controller = options.controller
    this.#folder = options.folder
  }

  /**
   * Finds where this process may make groups for `controller`, for the host of `buildsDir`, below
   * its own group, so that limits which it has itself hold for its builds too. What an earlier host
   * left there is removed. Throws an error that says why it may not.
   */
  static async open({
    controller,
    buildsDir,
  }: {
    controller: Controller
    buildsDir: string
  }): Promise<ControlGroups> {
    const hash = createHash('sha256').update(buildsDir).digest('hex').slice(0, 12)
    const name = `workers-builds-${hash}`
    const mounts = parseMounts(await readFile('/proc/self/mountinfo', 'utf8'))
    const own = parseOwnGroups(await readFile('/proc/self/cgroup', 'utf8'))
    const v1 = mounts.find(
      ({ type, fileSystemOptions }) => type === 'cgroup' && fileSystemOptions.includes(controller),
    )
    const v2 = mounts.find(({ type }) => type === 'cgroup2')
    if (v1 !== undefined) {
      const folder = join(await ownFolder(v1, own.get(controller)), name)
      await mkdir(folder, { recursive: true })
      return await new ControlGroups({ version: 'v1', controller, folder }).#emptied()
    }
    if (v2 === undefined) throw new Error(`the ${controller} controller is not mounted`)
    const folder = await makeUnifiedFolder({
      controller,
      name,
      from: await ownFolder(v2, own.get('')),
      top: v2.path,
    })
    return await new ControlGroups({ version: 'v2', controller, folder }).#emptied()
  }

  /** Makes a group that is kept to `limit`. */
  async make(name: string, limit: number): Promise<ControlGroup> {
    const { settings, counter } = INTERFACES[this.#controller][this.version]
    const folder = join(this.#folder, name)
    await mkdir(folder, { recursive: true })
    for (const [index, [file, value]] of settings(limit).entries()) {
      const isThere = index === 0 || (await exists(join(folder, file)))
      if (isThere) await writeFile(join(folder, file), value)
    }
    return { folder, counter: { file: join(folder, counter.file), key: counter.key } }
  }

  /** Removes all groups, in which nothing may run any more; again, it does nothing. */
  async close(): Promise<void> {
    await this.#emptied()
    await removeGroup(this.#folder)
  }

  async #emptied(): Promise<ControlGroups> {
    for (const entry of await entriesOf(this.#folder)) {
      if (entry.isDirectory()) await removeGroup(join(this.#folder, entry.name))
    }
    return this
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

/** Removes a group whose processes have ended. */
export async function removeGroup(folder: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await rmdir(folder)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return
      if (code !== 'EBUSY' || tries === REMOVAL_TRIES) throw error
    }
    await delay(REMOVAL_PAUSE_MS)
  }
}

/** Lines as `4:memory:/a/group` and, of version 2, `0::/a/group`: from a controller to our group. */
function parseOwnGroups(text: string): Map<string, string> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => {
        const [, controllers = '', ...path] = line.split(':')
        return controllers.split(',').map((each): [string, string] => [each, path.join(':')])
      }),
  )
}

/** In a container the path may be that of the machine, of which only the end is mounted. */
async function ownFolder(mount: Mount, path = '/'): Promise<string> {
  const folder = join(mount.path, path)
  return (await exists(folder)) ? folder : mount.path
}

/**
 * Version 2 has controllers only below groups without processes: the nearest one above ours that
 * passes `controller` on, or can be made to.
 */
async function makeUnifiedFolder(options: {
  controller: Controller
  name: string
  from: string
  top: string
}): Promise<string> {
  const { controller, name, from, top } = options
  let reason: unknown = `no group from ${from} up has the ${controller} controller`
  for (let parent = from; parent.startsWith(top); parent = dirname(parent)) {
    try {
      await passOn(parent, controller)
      const folder = join(parent, name)
      await mkdir(folder, { recursive: true })
      await passOn(folder, controller)
      return folder
    } catch (error) {
      reason = error
    }
  }
  throw reason instanceof Error ? reason : new Error(`${reason}`)
}

async function passOn(folder: string, controller: Controller): Promise<void> {
  const file = join(folder, 'cgroup.subtree_control')
  const passed = (await readFile(file, 'utf8')).trim().split(' ')
  if (!passed.includes(controller)) await writeFile(file, `+${controller}`)
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
