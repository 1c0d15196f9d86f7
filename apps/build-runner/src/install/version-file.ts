import { join } from 'node:path'
import { readText, UnreadableFile } from '../files/read-file.ts'
import { parseToolVersions, TOOL_VERSIONS, type ToolVersion } from './tool-versions.ts'

/** Whatever is longer is not a file that names a version. */
const MOST_BYTES = 4_096

/** A version that a file asks for, as it stands there. */
export interface VersionFile {
  file: string
  text: string
}

interface Folders {
  repository: string
  /** The folder that is built. */
  folder: string
}

/**
 * What the first file that names a version says: one of `files`, or else .tool-versions, in the
 * folder that is built, or else in the repository's root.
 */
export async function readVersionFile(
  options: Folders & {
    files: string[]
    /** What .tool-versions calls the tool. */
    toolNames: string[]
  },
): Promise<VersionFile | undefined> {
  for (const folder of foldersOf(options)) {
    for (const file of options.files) {
      const [text] = linesOf(await readShort(join(folder, file)))
      if (text !== undefined) return { file, text }
    }
    const entries = await readEntries(folder)
    const entry = entries.find(({ tool }) => options.toolNames.includes(tool))
    if (entry !== undefined) return { file: TOOL_VERSIONS, text: entry.version }
  }
  return undefined
}

/** All that .tool-versions names, in the folder that is built and in the repository's root. */
export async function readToolVersions(options: Folders): Promise<ToolVersion[]> {
  const entries = await Promise.all([...foldersOf(options)].map(readEntries))
  return entries.flat()
}

/** Lines that say something, without comments. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
}

function foldersOf({ folder, repository }: Folders): Set<string> {
  return new Set([folder, repository])
}

async function readEntries(folder: string): Promise<ToolVersion[]> {
  return parseToolVersions(linesOf(await readShort(join(folder, TOOL_VERSIONS))))
}

/** '' for what is no short file: a link may lead anywhere. */
async function readShort(path: string): Promise<string> {
  try {
    return (await readText({ path, maxBytes: MOST_BYTES })) ?? ''
  } catch (error) {
    if (error instanceof UnreadableFile) return ''
    throw error
  }
}
