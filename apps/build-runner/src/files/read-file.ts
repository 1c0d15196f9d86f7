/**
 * Reading files that a project may have put anything in the place of: a device without end, a pipe
 * that nobody writes to, a link to either. Nothing but a regular file of a bounded size is read.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'

/** A package.json, or another file that describes a project, is far smaller. */
export const MAX_MANIFEST_BYTES = 1024 * 1024

/** There is something of that name which is not read; the message says why, for the user. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}

interface FileOptions {
  path: string
  maxBytes: number
  /** Links are followed, with the build's rights, unless this is false. */
  followLinks?: boolean
}

/**
 * The text of a file; undefined when there is none, or a folder in its place. Throws UnreadableFile
 * for what is no regular file, and for one of more than `maxBytes`.
 */
export async function readText(options: FileOptions): Promise<string | undefined> {
  const { path, maxBytes } = options
  return await withFile(options, async (file) => {
    const bytes = await readBytes(file, maxBytes + 1)
    if (bytes.length <= maxBytes) return bytes.toString('utf8')
    throw new UnreadableFile(`${basename(path)} is larger than ${maxBytes} bytes`)
  })
}

/** The first `maxBytes` of a file, where that is enough; else as `readText`. */
export async function readHead(options: FileOptions): Promise<string | undefined> {
  return await withFile(options, async (file) =>
    (await readBytes(file, options.maxBytes)).toString('utf8'),
  )
}

/** Whether there is such a file, or a link to one. */
export async function isFile(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined) // not there
  return stats?.isFile() ?? false
}

async function withFile(
  { path, followLinks = true }: FileOptions,
  read: (file: FileHandle) => Promise<string>,
): Promise<string | undefined> {
  // Without O_NONBLOCK a pipe would be waited for.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (followLinks ? 0 : constants.O_NOFOLLOW)
  const file = await open(path, flags).catch(() => undefined) // not there, or not ours to read
  if (file === undefined) return undefined
  try {
    const stats = await file.stat()
    if (stats.isDirectory()) return undefined
    if (!stats.isFile()) throw new UnreadableFile(`${basename(path)} is not a regular file`)
    return await read(file)
  } finally {
    await file.close()
  }
}

/** The size that a file claims is not relied on: files of /proc claim none. */
async function readBytes(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  const stream = file.createReadStream({ autoClose: false, start: 0, end: maxBytes - 1 })
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
