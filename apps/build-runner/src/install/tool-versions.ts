import type { PackageManager } from '@workers-builds/package-managers'

/** The file in which asdf and mise keep the versions of all tools. */
export const TOOL_VERSIONS = '.tool-versions'

/** A line of it. */
export interface ToolVersion {
  tool: string
  version: string
}

/** What that file calls the tools that a build takes from it. */
export const TOOL_NAMES = {
  nodejs: ['nodejs', 'node'],
  npm: ['npm'],
  pnpm: ['pnpm'],
  yarn: ['yarn'],
  bun: ['bun'],
  python: ['python'],
  ruby: ['ruby'],
  go: ['golang', 'go'],
  hugo: ['hugo', 'gohugo'],
} satisfies Record<PackageManager | 'nodejs' | 'python' | 'ruby' | 'go' | 'hugo', string[]>

/** Takes lines such as `nodejs 20.18.1 18.0.0`, of which all but the first version are fallbacks. */
export function parseToolVersions(lines: string[]): ToolVersion[] {
  return lines.flatMap((line) => {
    const [tool = '', version] = line.split(/\s+/)
    return version === undefined ? [] : [{ tool, version }]
  })
}

/** The entries that a build takes nothing from. */
export function unknownTools(entries: ToolVersion[]): ToolVersion[] {
  const known: string[] = Object.values(TOOL_NAMES).flat()
  return entries.filter(({ tool }) => !known.includes(tool))
}
