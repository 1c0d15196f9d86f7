import { existsSync } from 'node:fs'
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFile, MAX_CACHE_BYTES } from '@workers-builds/contracts'
import type { PackageManager } from '@workers-builds/package-managers'
import type { BuildContext } from '../build-context.ts'
import type { CacheFolders } from '../build-folders.ts'
import { packFolders, unpackFolders } from './archive.ts'
import type { CachedFolders } from './cached-folders.ts'
import { DEPENDENCY_CACHES, outputCacheOf } from './cached-folders.ts'

/** One of the two caches, in the words of the log. */
interface Kind {
  /** As in "Restoring from dependencies cache". */
  name: string
  /** As in "Success: Dependencies restored from build cache." */
  subject: string
  cached: CachedFolders | undefined
  /** What the folders are relative to. */
  root: string
}

/**
 * What a build takes from earlier ones, and leaves to later ones. Nothing in here fails a build:
 * what cannot be restored is not there, what cannot be saved is not saved, and the log says so.
 */
export class BuildCaches {
  readonly #build: BuildContext
  readonly #passing: CacheFolders
  readonly #dependencies: Kind
  readonly #output: Kind

  private constructor(options: {
    build: BuildContext
    passing: CacheFolders
    dependencies: Kind
    output: Kind
  }) {
    this.#build = options.build
    this.#passing = options.passing
    this.#dependencies = options.dependencies
    this.#output = options.output
  }

  /** The caches of a project that is built in `folder`; undefined when there are to be none. */
  static async open(
    build: BuildContext,
    { folder, packageManager }: { folder: string; packageManager: PackageManager | undefined },
  ): Promise<BuildCaches | undefined> {
    const passing = build.folders.cache
    if (passing === undefined) return undefined
    const dependencies = {
      name: 'dependencies',
      subject: 'Dependencies',
      cached: packageManager && DEPENDENCY_CACHES[packageManager],
      root: build.folders.home,
    }
    const output = {
      name: 'build output',
      subject: 'Build output',
      cached: await outputCacheOf(folder),
      root: folder,
    }
    return new BuildCaches({ build, passing, dependencies, output })
  }

  /** Takes what there is. Build output waits for `placeOutput`: npm empties node_modules first. */
  async restore(): Promise<void> {
    const { log } = this.#build
    const kinds = [this.#dependencies, this.#output]
    for (const { name } of kinds) log.fixedSentence(`Restoring from ${name} cache`)
    for (const kind of kinds) await this.#unpack(kind)
    await this.#place(this.#dependencies)
  }

  /** Puts restored build output where the framework looks for it. */
  async placeOutput(): Promise<void> {
    await this.#place(this.#output)
  }

  /** Saves what the build leaves. Only for a build that succeeded, when nothing of it runs. */
  async save(): Promise<void> {
    await this.#attempt('Failed to empty the folder of the build cache', async () => {
      // The build's own commands could write there, too.
      for (const name of await readdir(this.#passing.save)) {
        await rm(join(this.#passing.save, name), { recursive: true, force: true })
      }
      for (const kind of [this.#output, this.#dependencies]) await this.#pack(kind)
    })
  }

  async #unpack({ cached, subject, name }: Kind): Promise<void> {
    const { log, signal } = this.#build
    if (cached === undefined) return
    const file = join(this.#passing.restore, cacheFile(cached.archive))
    if (!existsSync(file)) return
    const root = this.#stage(cached)
    const failure = `Failed to restore ${name} from build cache. Skipping.`
    const restored = await this.#attempt(failure, async () => {
      await mkdir(root, { recursive: true })
      await unpackFolders({ file, root, folders: cached.folders, signal })
    })
    if (restored) log.fixedSentence(`Success: ${subject} restored from build cache.`)
    else await rm(root, { recursive: true, force: true })
  }

  async #place({ cached, root, name }: Kind): Promise<void> {
    if (cached === undefined) return
    const stage = this.#stage(cached)
    const failure = `Failed to put ${name} from build cache in its place. Skipping.`
    await this.#attempt(failure, async () => {
      for (const folder of cached.folders) {
        if (existsSync(join(stage, folder))) await merge(join(stage, folder), join(root, folder))
      }
      await rm(stage, { recursive: true, force: true })
    })
  }

  async #pack({ cached, subject, name, root }: Kind): Promise<void> {
    const { log, spec } = this.#build
    const folders = await filled(root, cached?.folders ?? [])
    if (cached === undefined || folders.length === 0) {
      log.fixedSentence(`No ${name} detected to cache. Skipping.`)
      return
    }
    log.fixedSentence(`Uploading to ${name} cache`)
    // A build that succeeded does not time out over what it leaves to others.
    const timeLeft = Math.max(0, spec.deadline_on - Date.now())
    const signal = AbortSignal.any([
      this.#build.signal,
      AbortSignal.timeout(Math.floor(timeLeft / 3)),
    ])
    const file = join(this.#passing.save, cacheFile(cached.archive))
    const failure = `Failed to upload ${name} to build cache. Skipping.`
    const packed = await this.#attempt(failure, () =>
      packFolders({ file, root, folders, maxBytes: MAX_CACHE_BYTES, signal }),
    )
    if (packed) log.fixedSentence(`Success: ${subject} uploaded to build cache.`)
    else await rm(file, { force: true })
  }

  /** Where an archive is unpacked before anything of it counts. */
  #stage({ archive }: CachedFolders): string {
    return join(this.#build.folders.runner, archive)
  }

  /** Whether `action` went well; the log says it when not. Throws only when the build ends. */
  async #attempt(failure: string, action: () => Promise<void>): Promise<boolean> {
    const { log, signal } = this.#build
    try {
      await action()
      return true
    } catch (error) {
      signal.throwIfAborted()
      log.fixedSentence(failure)
      log.sentence`Warning: ${error instanceof Error ? error.message : String(error)}`
      return false
    }
  }
}

/** Those of `folders` that have something in them. */
async function filled(root: string, folders: string[]): Promise<string[]> {
  const sizes = await Promise.all(
    folders.map(async (folder) => (await readdir(join(root, folder)).catch(() => [])).length),
  )
  return folders.filter((_, index) => sizes[index] !== 0)
}

/** Moves `from` to `to`. What is there already stays: the checkout and the install know better. */
async function merge(from: string, to: string): Promise<void> {
  const existing = await lstat(to).catch(() => undefined)
  if (existing === undefined) {
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
  } else if (existing.isDirectory() && (await lstat(from)).isDirectory()) {
    for (const name of await readdir(from)) await merge(join(from, name), join(to, name))
  }
}
