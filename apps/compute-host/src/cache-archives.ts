import { createHash } from 'node:crypto'
import {
  chmod,
  chown,
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  rename,
  rm,
  rmdir,
  utimes,
} from 'node:fs/promises'
import { join } from 'node:path'
import { CacheArchive, cacheFile, MAX_CACHE_BYTES } from '@workers-builds/contracts'
import type { BuildFolder } from './build-folder.ts'
import type { HostLog } from './host-log.ts'

/** An archive that nobody has read for this long is removed. */
const MAX_AGE_MS = 7 * 24 * 60 * 60_000

const FILES = CacheArchive.options.map(cacheFile)

interface Stored {
  path: string
  bytes: number
  /** ms since the epoch */
  read_on: number
}

/**
 * Archives that builds leave to later builds, in a folder per key that only the host can pass. The
 * host never looks into one: the runner makes and unpacks them, with the rights of its build.
 *
 * A file's time of change is when it was last read. A file is replaced, never written to, so a build
 * that is reading the old one goes on reading it.
 */
export class CacheArchives {
  readonly #path: string
  readonly #maxBytes: number
  readonly #now: () => number
  readonly #log: HostLog

  constructor(options: {
    path: string
    log: HostLog
    /** Most that is kept of one key. */
    maxBytes?: number
    now?: () => number
  }) {
    this.#path = options.path
    this.#log = options.log
    this.#maxBytes = options.maxBytes ?? MAX_CACHE_BYTES
    this.#now = options.now ?? Date.now
  }

  /** Puts what is kept under `key` where the build can read it; never throws. */
  async restore(key: string, { restore }: BuildFolder): Promise<void> {
    await this.#attempt(`what is cached as ${key} cannot be given to a build`, async () => {
      for (const file of FILES) {
        const stored = await this.#find(join(this.#folderOf(key), file))
        if (stored === undefined || this.#isOld(stored)) continue
        await linkOrCopy(stored.path, join(restore, file))
        await touch(stored.path, this.#now())
      }
    })
  }

  /**
   * Keeps what a build saved under `key`; never throws. Only when the build succeeded and nothing of
   * it runs any more, since the files are its own until then.
   */
  async save(key: string, { save, uid }: BuildFolder): Promise<void> {
    await this.#attempt(`what a build saved as ${key} cannot be kept`, async () => {
      const folder = this.#folderOf(key)
      for (const file of FILES) {
        const from = join(save, file)
        if ((await this.#find(from)) === undefined) continue
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await this.#saveFile({ from, to: join(folder, file), uid })
      }
      await this.#prune(folder)
    })
  }

  /** Removes all that is kept under `keys`; a build that reads it goes on reading it. */
  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.#folderOf(key), { recursive: true, force: true })
  }

  /** Removes what is too old, of all keys; makes the folder when it is not there. Never throws. */
  async removeExpired(): Promise<void> {
    await this.#attempt('old caches cannot be removed', async () => {
      await mkdir(this.#path, { recursive: true, mode: 0o700 })
      await chmod(this.#path, 0o700)
      for (const name of await readdir(this.#path)) await this.#prune(join(this.#path, name))
    })
  }

  async #saveFile({ from, to, uid }: { from: string; to: string; uid: number | undefined }) {
    const incoming = `${to}.${crypto.randomUUID()}`
    try {
      // A build could leave a link to a file of somebody else's here; the name is moved, not followed.
      const found = await lstat(from)
      const isOwn = found.uid === (uid ?? process.getuid?.()) && found.nlink === 1
      if (!found.isFile() || !isOwn) throw new Error(`${from} is no file of the build’s own`)
      if (found.size > this.#maxBytes) throw new Error(`${from} has ${found.size} bytes`)
      await moveFile(from, incoming)
      if (uid !== undefined) await chown(incoming, process.getuid?.() ?? 0, process.getgid?.() ?? 0)
      await chmod(incoming, 0o444)
      await touch(incoming, this.#now())
      await rename(incoming, to)
    } finally {
      await rm(incoming, { force: true })
    }
  }

  /** Removes from a key's folder what is too old, then what was read longest ago and is too much. */
  async #prune(folder: string): Promise<void> {
    const names = await readdir(folder).catch(() => [])
    const stored = await Promise.all(names.map((name) => this.#find(join(folder, name))))
    const newestFirst = stored
      .filter((file) => file !== undefined)
      .sort((a, b) => b.read_on - a.read_on)
    let bytes = 0
    for (const file of newestFirst) {
      bytes += file.bytes
      if (bytes > this.#maxBytes || this.#isOld(file)) await rm(file.path, { force: true })
    }
    await rmdir(folder).catch(() => {}) // it has files
  }

  #isOld({ read_on }: Stored): boolean {
    return this.#now() - read_on > MAX_AGE_MS
  }

  async #find(path: string): Promise<Stored | undefined> {
    const stats = await lstat(path).catch(() => undefined)
    return stats && { path, bytes: stats.size, read_on: stats.mtimeMs }
  }

  #folderOf(key: string): string {
    return join(this.#path, createHash('sha256').update(key).digest('hex'))
  }

  async #attempt(failure: string, action: () => Promise<void>): Promise<void> {
    await action().catch((error) => this.#log(`${failure}: ${error}`))
  }
}

async function touch(path: string, ms: number): Promise<void> {
  await utimes(path, ms / 1_000, ms / 1_000)
}

/** A second name costs nothing, however large the file is; another file system needs a copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error) => {
    if (error.code !== 'EXDEV') throw error
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  })
}

async function moveFile(from: string, to: string): Promise<void> {
  await rename(from, to).catch(async (error) => {
    if (error.code !== 'EXDEV') throw error
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  })
}
