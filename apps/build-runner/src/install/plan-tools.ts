import imageTools from '@workers-builds/build-image/tools.json' with { type: 'json' }
import semver from 'semver'
import type { AskedVersion } from './asked-version.ts'
import type { ToolName } from './tools.ts'
import { NPM_FOR_NODE, TOOLS, YARN_CLASSIC_VERSION } from './tools.ts'

export interface PlannedTool {
  tool: ToolName
  /** An exact version; a range or tag where it is still to be resolved. */
  version: string
  /** Whether it has to be installed, or is on the machine already. */
  install: boolean
  /** What asked for it; undefined when nothing did. */
  asked: AskedVersion | undefined
}

/**
 * Decides which version of a tool a build runs with. What the machine has is taken when it is what
 * the build asks for, or when the build asks for nothing; then what the build image has, so that a
 * host gives the same version as a container.
 */
export function planTool(options: {
  tool: ToolName
  asked: AskedVersion | undefined
  /** The version on the machine; null when it has none. */
  present: string | null
}): PlannedTool {
  const { tool, asked, present } = options
  const version = asked?.version ?? null
  if (present !== null && (version === null || isOf(present, version))) {
    return { tool, version: present, install: false, asked }
  }
  if (version === null) return { tool, version: TOOLS[tool].defaultVersion, install: true, asked }
  const ofImage = imageVersions(tool).find((each) => isOf(each, version))
  return { tool, version: ofImage ?? version, install: true, asked }
}

function isOf(version: string, range: string): boolean {
  return semver.satisfies(version, range, { loose: true })
}

/** All versions that are known here: those of the build image, and the last of the first Yarn. */
function imageVersions(tool: ToolName): string[] {
  const versions = tool in imageTools ? imageTools[tool as keyof typeof imageTools] : []
  return tool === 'yarn' ? [...versions, YARN_CLASSIC_VERSION] : versions
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
