import { join, relative } from 'node:path'
import semver from 'semver'
import { readHead, UnreadableFile } from '../files/read-file.ts'
import { TOOL_SOURCES, type VersionFile } from './tool-sources.ts'
import { NODE_CODENAMES, TOOLS, type ToolName } from './tools.ts'

/** Files that name a version do so in their beginning; of a lockfile no more is read. */
const MAX_BYTES = 64 * 1024

/** A version that a build asks for. */
export interface AskedVersion {
  /** As it stands there. */
  text: string
  /** The variable, or the file from the repository's root, with the part of it in brackets. */
  source: string
  /** As semver has it: an exact version, a range, or a tag; null for "whichever there is". */
  version: string | null
}

/** What stands there is no version of the tool. */
export class NotAVersion extends Error {
  override readonly name = 'NotAVersion'
  readonly tool: ToolName
  readonly text: string
  readonly source: string

  constructor({ tool, text, source }: { tool: ToolName; text: string; source: string }) {
    super(`${source}: ${text} is not a version of ${tool}`)
    this.tool = tool
    this.text = text
    this.source = source
  }
}

/** What the project's package.json says of its package manager. */
export interface AskedByProject {
  version: string | null
  /** Such as `packageManager`. */
  source: string
}

/**
 * Goes through the sources of a tool; undefined when none asks for a version. Throws NotAVersion.
 */
export async function findAskedVersion(options: {
  tool: ToolName
  repository: string
  /** The folder that is built. */
  folder: string
  variables: Record<string, string>
  project?: AskedByProject | undefined
  /** Where dependencies are installed, if the project's lockfile is this tool's. */
  lockfileFolder?: string | undefined
}): Promise<AskedVersion | undefined> {
  const { tool, repository, folder, variables, project, lockfileFolder } = options
  const asked = ({ text, source }: { text: string; source: string }) => ({
    text,
    source,
    version: parseVersion({ tool, text, source }),
  })
  for (const source of TOOL_SOURCES[tool].sources) {
    switch (source.kind) {
      case 'variable': {
        const text = variables[source.name]?.trim()
        if (text) return asked({ text, source: source.name })
        break
      }
      case 'project': {
        const text = project?.version
        if (text) return asked({ text, source: `package.json (${project.source})` })
        break
      }
      case 'files': {
        const found = await firstOf(source.files, { repository, folders: [folder, repository] })
        if (found !== undefined) return asked(found)
        break
      }
      case 'lockfile': {
        if (lockfileFolder === undefined) break
        const found = await firstOf(source.files, { repository, folders: [lockfileFolder] })
        if (found !== undefined) return asked(found)
        break
      }
    }
  }
  return undefined
}

async function firstOf(
  files: VersionFile[],
  { repository, folders }: { repository: string; folders: string[] },
): Promise<{ text: string; source: string } | undefined> {
  for (const folder of new Set(folders)) {
    for (const { name, part, read } of files) {
      const path = join(folder, name)
      const text = read(await readBeginning(path))?.trim()
      if (!text) continue
      const isWhole = part === undefined || name === '.tool-versions'
      const file = relative(repository, path)
      return { text, source: isWhole ? file : `${file} (${part.replaceAll('`', '')})` }
    }
  }
  return undefined
}

/** '' for what is no file: a link may lead anywhere. */
export async function readBeginning(path: string): Promise<string> {
  try {
    const text = await readHead({ path, maxBytes: MAX_BYTES })
    return text?.replace(/^\uFEFF/, '') ?? ''
  } catch (error) {
    if (error instanceof UnreadableFile) return ''
    throw error
  }
}

/** What people write for "whichever there is". */
const ANY = ['system', '*', 'default']
/** Of Node: the newest of all. */
const NEWEST = ['node', 'stable', 'latest', 'current']

/** Reads a version as people write it; null for "whichever there is". Throws NotAVersion. */
export function parseVersion(options: {
  tool: ToolName
  text: string
  source: string
}): string | null {
  const { tool } = options
  const text = options.text.trim()
  if (ANY.includes(text)) return null
  const version = text.replace(TOOL_SOURCES[tool].prefix, '')
  if (tool === 'nodejs') {
    if (NEWEST.includes(text)) return 'latest'
    const codename = /^lts[/-](.+)$/i.exec(text)?.[1]?.toLowerCase() ?? text.toLowerCase()
    const major = codename === '*' || codename === 'lts' ? NEWEST_LTS : NODE_CODENAMES[codename]
    if (major !== undefined) return major
  }
  if (tool === 'rust' && /^(?:stable|beta|nightly)(?:-\d{4}-\d\d-\d\d)?$/.test(version)) {
    return version
  }
  const range = version.replaceAll(/~>\s*/g, '~').replace(/^(\d+\.\d+\.\d+)([a-z])/, '$1-$2')
  const exact = semver.valid(range, { loose: true })
  if (exact !== null) return exact
  if (isRange(range)) return range
  if (TOOLS[tool].hasTags && /^[a-z][\w.-]*$/i.test(version)) return version
  throw new NotAVersion(options)
}

/** Words in a range are skipped by semver's loose reading. */
function isRange(text: string): boolean {
  const parts = text.split(/[\s,]+/)
  return (
    parts.every((part) => /^(?:\|\||-|[<>=~^]+|[<>=~^]*v?[\dxX*][\w.+*-]*)$/.test(part)) &&
    semver.validRange(text, { loose: true }) !== null
  )
}

const NEWEST_LTS = Object.values(NODE_CODENAMES)
  .sort((a, b) => Number(a) - Number(b))
  .at(-1)
