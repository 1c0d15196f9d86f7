/**
 * Languages that are only what the machine has. Workers Builds installs the version that a build
 * asks for; here the log says when it is another one.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import semver from 'semver'
import type { BuildContext } from '../build-context.ts'
import { startForBuild } from '../commands/act-as-user.ts'
import { toolEnvironment } from '../commands/command-environment.ts'
import { isFile } from '../files/read-file.ts'
import { TOOL_NAMES, unknownTools } from './tool-versions.ts'
import { readToolVersions, readVersionFile } from './version-file.ts'

interface Language {
  name: 'python' | 'ruby' | 'go' | 'hugo'
  /** Prints the version. */
  argv: [program: string, option: string]
  /** Variable and files by which a build asks for a version, as Workers Builds knows them. */
  variable: string
  files: string[]
}

const LANGUAGES: Language[] = [
  {
    name: 'python',
    argv: ['python3', '--version'],
    variable: 'PYTHON_VERSION',
    files: ['.python-version', 'runtime.txt'],
  },
  {
    name: 'ruby',
    argv: ['ruby', '--version'],
    variable: 'RUBY_VERSION',
    files: ['.ruby-version'],
  },
  { name: 'go', argv: ['go', 'version'], variable: 'GO_VERSION', files: [] },
  { name: 'hugo', argv: ['hugo', 'version'], variable: 'HUGO_VERSION', files: [] },
]

/** A program that has not printed its version by then counts as missing. */
const TIMEOUT_MS = 10_000

/** Logs which versions that the build asks for it does not get, and what it gets. */
export async function logMissingVersions(build: BuildContext, folder: string): Promise<void> {
  const { repository } = build.folders
  const unknown = unknownTools(await readToolVersions({ repository, folder }))
  if (unknown.length > 0) {
    const entries = unknown.map(({ tool, version }) => `${tool} ${version}`)
    build.log.sentence`Not read from .tool-versions: ${entries.join(', ')}`
  }
  for (const language of LANGUAGES) {
    const asked = await askedVersion(build, { language, folder })
    if (asked === undefined) continue
    const { name, argv } = language
    const present = parseVersion(await versionText(build, argv))
    if (isProvided({ asked: asked.text, present })) continue
    if (present === null) {
      build.log
        .sentence`${name} ${asked.text} (${asked.by}) is not provided here; there is no ${name}`
    } else {
      build.log
        .sentence`${name} ${asked.text} (${asked.by}) is not provided here; the build runs with ${name} ${present}`
    }
  }
}

/** Logs that Python packages are the build command's to install, where the folder lists some. */
export async function logRequirements({ log }: BuildContext, folder: string): Promise<void> {
  if (!(await isFile(join(folder, 'requirements.txt')))) return
  log.sentence`requirements.txt is not installed here: begin the build command with "pip install -r requirements.txt"`
}

async function askedVersion(
  { spec, folders }: BuildContext,
  { language, folder }: { language: Language; folder: string },
): Promise<{ text: string; by: string } | undefined> {
  const { name, variable, files } = language
  const value = spec.environment_variables[variable]?.value.trim()
  if (value) return { text: value, by: variable }
  const found = await readVersionFile({
    repository: folders.repository,
    folder,
    files,
    toolNames: TOOL_NAMES[name],
  })
  return found && { text: found.text, by: found.file }
}

async function versionText(
  build: BuildContext,
  [program, option]: Language['argv'],
): Promise<string> {
  try {
    const { stdout } = await startForBuild((ids) =>
      promisify(execFile)(program, [option], {
        ...ids,
        cwd: build.folders.runner,
        env: toolEnvironment(build),
        timeout: TIMEOUT_MS,
      }),
    )
    return stdout
  } catch {
    return '' // not there, or does not run on this machine
  }
}

/** `ruby 3.1.2p20 (2022-04-12)` → `3.1.2`; null when nothing looks like a version. */
export function parseVersion(text: string): string | null {
  return /\d+(?:\.\d+)+/.exec(text)?.[0] ?? null
}

/** `3.11` asks for any 3.11, `python-3.11.4` and `extended_0.147.7` for what they name. */
export function isProvided({ asked, present }: { asked: string; present: string | null }): boolean {
  if (present === null) return false
  const range = semver.validRange(asked.replace(/^[a-z]+[-_](?=\d)/i, ''), { loose: true })
  const version = semver.coerce(present)
  return range !== null && version !== null && semver.satisfies(version, range)
}
