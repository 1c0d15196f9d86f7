import { join } from 'node:path'
import type { PackageManager, Project } from '@workers-builds/package-managers'
import semver from 'semver'
import type { BuildContext } from '../build-context.ts'
import { isFile } from '../files/read-file.ts'
import { type AskedVersion, findAskedVersion } from './asked-version.ts'
import { npmForNode, type PlannedTool, planTool } from './plan-tools.ts'
import { presentVersion } from './present-tool.ts'
import { TOOL_SOURCES } from './tool-sources.ts'
import type { Language, ToolName } from './tools.ts'

/** Languages, and the files in the folder that is built which need one, whatever its version. */
const LANGUAGES: [language: Language, neededBy: string[]][] = [
  ['python', ['requirements.txt', 'uv.lock', 'poetry.lock']],
  ['ruby', ['Gemfile']],
  ['go', []],
  ['hugo', []],
  ['rust', ['Cargo.toml']],
]

interface Folders {
  project: Project | undefined
  folder: string
}

/**
 * The tools of a build, in the order in which the log names them: package manager, Node, languages.
 * Throws NotAVersion.
 */
export async function planBuildTools(
  build: BuildContext,
  { project, folder }: Folders,
): Promise<PlannedTool[]> {
  return [
    ...(await planNode(build, { project, folder })),
    ...(await planLanguages(build, { project, folder })),
  ]
}

async function planNode(build: BuildContext, options: Folders): Promise<PlannedTool[]> {
  const { project } = options
  const asked = await askedFor(build, 'nodejs', options)
  if (project === undefined && (asked?.version ?? null) === null) return []
  const present = await presentVersion(build, 'nodejs')
  const node = planTool({ tool: 'nodejs', asked, present })
  if (project === undefined) return [node]
  return [await planPackageManager(build, { ...options, project, node }), node]
}

async function planPackageManager(
  build: BuildContext,
  options: Folders & { project: Project; node: PlannedTool },
): Promise<PlannedTool> {
  const tool = options.project.packageManager
  const present = await presentVersion(build, tool)
  const asked = await askedFor(build, tool, options)
  if (asked === undefined && tool === 'npm' && options.node.install) {
    const version = npmForNode(options.node.version)
    if (version !== null) return { tool, version, install: version !== present, asked }
  }
  return planTool({ tool, asked, present })
}

async function planLanguages(build: BuildContext, options: Folders): Promise<PlannedTool[]> {
  const planned: PlannedTool[] = []
  for (const [tool, neededBy] of LANGUAGES) {
    const asked = await askedFor(build, tool, options)
    const files = neededBy.map((name) => isFile(join(options.folder, name)))
    if (asked === undefined && !(await Promise.all(files)).includes(true)) continue
    planned.push(planTool({ tool, asked, present: await presentVersion(build, tool) }))
  }
  return planned
}

async function askedFor(
  { spec, folders, log }: BuildContext,
  tool: ToolName,
  { project, folder }: Folders,
): Promise<AskedVersion | undefined> {
  const own = project?.packageManager === tool ? project : undefined
  const version = own?.version ?? null
  const source = own?.versionSource ?? null
  const isUsed = version !== null && source !== null && isUsable({ tool, version, source })
  if (version !== null && !isUsed) {
    log.sentence`package.json (${source ?? ''}): ${tool}@${version} is not used: npm has to be named by an exact version there`
  }
  return await findAskedVersion({
    tool,
    repository: folders.repository,
    folder,
    variables: Object.fromEntries(
      Object.entries(spec.environment_variables).map(([name, { value }]) => [name, value]),
    ),
    project: isUsed ? { version, source } : undefined,
    lockfileFolder: own?.lockfile == null ? undefined : own.installFolder,
  })
}

/** As on Workers Builds, npm comes in the version of the field only if that is exact. */
function isUsable(named: { tool: ToolName; version: string; source: string }): boolean {
  if (named.tool !== 'npm' || !named.source.startsWith('packageManager')) return true
  return semver.valid(named.version) !== null
}

/** Whether a variable asks for the version of a package manager, such as PNPM_VERSION. */
export function isAskedByVariable({ spec }: BuildContext, tool: PackageManager): boolean {
  return TOOL_SOURCES[tool].sources.some(
    (source) =>
      source.kind === 'variable' &&
      (spec.environment_variables[source.name]?.value.trim() ?? '') !== '',
  )
}
