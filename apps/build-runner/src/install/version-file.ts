import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Whatever is longer is not a file that names a version. */
const MOST_BYTES = 4_096

/** A version that a file asks for, as it stands there. */
export interface VersionFile {
  file: string
  text: string
}

/**
 * The first line that says something of the first of `files` that is there: in the folder that is
 * built, or else in the repository's root.
 */
export async function readVersionFile(options: {
  repository: string
  folder: string
  files: string[]
}): Promise<VersionFile | undefined> {
  for (const folder of new Set([options.folder, options.repository])) {
    for (const file of options.files) {
      const text = await readShort(join(folder, file))
      const line = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'))
      if (line !== undefined) return { file, text: line.trim() }
    }
  }
  return undefined
}

/** '' for what is no short file: a link may lead anywhere. */
async function readShort(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined) // not there
  if (!stats?.isFile() || stats.size > MOST_BYTES) return ''
  return await readFile(path, 'utf8').catch(() => '') // not for us to read
}
