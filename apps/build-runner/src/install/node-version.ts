import semver from 'semver'
import { TOOL_NAMES } from './tool-versions.ts'
import { NODE_CODENAMES } from './tools.ts'
import { readVersionFile } from './version-file.ts'

/** Files that ask for a version of Node, in the order in which they count. */
const VERSION_FILES = ['.nvmrc', '.node-version']

/**
 * The version of Node that the build asks for: by NODE_VERSION, by a file in the folder that is
 * built, or by one in the repository's root. Null when it asks for none, or for "the current one".
 */
export async function readNodeVersion(options: {
  repository: string
  folder: string
  variable: string | undefined
}): Promise<string | null> {
  if (options.variable) return parseNodeVersion(options.variable)
  const found = await readVersionFile({
    ...options,
    files: VERSION_FILES,
    toolNames: TOOL_NAMES.nodejs,
  })
  return found === undefined ? null : parseNodeVersion(found.text)
}

/** `v20.18.0` → `20.18.0`, `lts/iron` and `latest:20` → `20`, `lts/*`, `node`, `system` → null. */
export function parseNodeVersion(text: string): string | null {
  const asked = text.trim().replace(/^(?:v|latest:)(?=\d)/, '')
  if (['node', 'stable', 'latest', 'current', 'lts', 'lts/*', '*', 'system'].includes(asked))
    return null
  const codename = asked.toLowerCase().replace(/^lts[/-]/, '')
  return NODE_CODENAMES[codename] ?? semver.valid(asked) ?? asked
}
