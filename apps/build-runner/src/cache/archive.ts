import { createReadStream, createWriteStream, readlinkSync, type Stats } from 'node:fs'
import { posix } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { create, extract, type ReadEntry } from 'tar'

/** An archive that is not one that we made. */
class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused'
}

/**
 * Writes the `folders` of `root` into a new archive, without links that lead out of them. Throws
 * when that takes more than `maxBytes`.
 */
export async function packFolders(options: {
  file: string
  root: string
  folders: string[]
  maxBytes: number
  signal: AbortSignal
}): Promise<void> {
  const { file, root, folders, maxBytes, signal } = options
  const filter = (path: string, entry: Stats | ReadEntry) => {
    if (!('isSymbolicLink' in entry)) return false
    if (entry.isSymbolicLink()) {
      return staysIn(folders, path, readlinkSync(posix.join(root, path)))
    }
    return entry.isFile() || entry.isDirectory() // `create` never ends with a pipe or a socket
  }
  const archive = create({ cwd: root, portable: true, zstd: true, filter }, folders)
  const output = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  await pipeline(archive, atMost(maxBytes), output, { signal })
}

/**
 * Unpacks an archive into the empty folder `root`. Throws, having written nothing outside of
 * `root`, when the archive is broken, or holds anything but files, folders and links of `folders`.
 */
export async function unpackFolders(options: {
  file: string
  root: string
  folders: string[]
  signal: AbortSignal
}): Promise<void> {
  const { file, root, folders, signal } = options
  let refused: string | undefined
  const filter = (_path: string, entry: Stats | ReadEntry) => {
    if ('type' in entry) refused ??= whyRefused(entry, folders)
    return refused === undefined
  }
  // Not the owner of the archive's files: they become the build's, whoever we are underneath.
  const unpack = extract({ cwd: root, strict: true, preserveOwner: false, zstd: true, filter })
  await pipeline(createReadStream(file), unpack, { signal })
  if (refused !== undefined) throw new ArchiveRefused(refused)
}

function whyRefused({ path, type, linkpath }: ReadEntry, folders: string[]): string | undefined {
  if (!isIn(folders, path)) return `${path} is not below ${folders.join(', ')}`
  if (type === 'SymbolicLink' && !staysIn(folders, path, linkpath ?? '')) {
    return `the link ${path} leads out of ${folders.join(', ')}`
  }
  if (type === 'Link' && !isIn(folders, linkpath ?? '')) return `${path} is a link to ${linkpath}`
  const isKnown = ['File', 'OldFile', 'Directory', 'SymbolicLink', 'Link'].includes(type)
  return isKnown ? undefined : `${path} is a ${type}`
}

/** Whether `path`, relative to what `folders` are relative to, is one of them or in one. */
function isIn(folders: string[], path: string): boolean {
  if (path.startsWith('/') || path.split('/').includes('..')) return false
  const normal = posix.normalize(path)
  return folders.some((folder) => normal === folder || normal.startsWith(`${folder}/`))
}

function staysIn(folders: string[], path: string, target: string): boolean {
  if (target.startsWith('/')) return false
  return isIn(folders, posix.normalize(posix.join(posix.dirname(path), target)))
}

function atMost(maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length
      if (bytes > maxBytes) callback(new Error(`the archive is over ${maxBytes} bytes`))
      else callback(null, chunk)
    },
  })
}
