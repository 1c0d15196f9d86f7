import semver from 'semver'
import type { ToolName } from './tools.ts'
import { NPM_FOR_NODE, TOOLS, YARN_CLASSIC_VERSION } from './tools.ts'

export interface PlannedTool {
  tool: ToolName
  version: string
  /** Whether it has to be installed, or is on the machine already. */
  install: boolean
}

/**
 * Decides which tools a build runs with. What the machine has is taken when it is what the build
 * asks for, or when the build asks for nothing.
 */
export function planTool(options: {
  tool: ToolName
  /** The version, range or tag that the build asks for; null when it asks for none. */
  asked: string | null
  /** The version on the machine; null when it has none. */
  present: string | null
}): PlannedTool {
  const { tool, asked, present } = options
  const isRight =
    present !== null && (asked === null || semver.satisfies(present, asked, { loose: true }))
  return isRight
    ? { tool, version: present, install: false }
    : { tool, version: asked ?? TOOLS[tool].defaultVersion, install: true }
}

/** Which Yarn to ask for when the project does not say: one that understands its lockfile. */
export function yarnForLockfile({
  isClassic,
  present,
}: {
  isClassic: boolean
  present: string | null
}): string {
  const wanted = isClassic ? '1.x' : '>=2'
  if (present !== null && semver.satisfies(present, wanted)) return present
  return isClassic ? YARN_CLASSIC_VERSION : TOOLS.yarn.defaultVersion
}

/** Whether a version, range or tag of Yarn is of the first generation alone. */
export function isYarnClassicVersion(version: string): boolean {
  if (['classic', 'legacy'].includes(version)) return true
  return semver.validRange(version) !== null && !semver.intersects(version, '>=2')
}

/** The npm to install beside an old Node, which the machine's npm does not run on; else null. */
export function npmForNode(node: string): string | null {
  const lowest = semver.validRange(node) === null ? null : semver.minVersion(node)
  if (lowest === null) return null
  // A range such as `18` installs its newest release.
  const version = semver.valid(node) ?? `${lowest.major}.999.0`
  return NPM_FOR_NODE.find((row) => semver.satisfies(version, row.node))?.npm ?? null
}
