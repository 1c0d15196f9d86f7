/**
 * A command that is not found although package.json asks for it, since devDependencies were left out
 * of the install: the log says by what.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { BuildContext } from '../build-context.ts'
import { readText, UnreadableFile } from '../files/read-file.ts'
import type { Dependencies } from './project-dependencies.ts'

const NOT_FOUND = /(?:^|[: ])([\w@./-]{1,100}): (?:command )?not found$/
/** What only such a line has; most lines are known by it not to be one. */
const NOT_FOUND_PART = 'not found'

/** The command that a shell says in `line` is not there. */
export function missingCommand(line: string): string | undefined {
  if (!line.includes(NOT_FOUND_PART)) return undefined
  return NOT_FOUND.exec(stripVTControlCharacters(line).trim())?.[1]
}

const MAX_SETTINGS_BYTES = 64 * 1_024

/** Settings that leave devDependencies out, as variables of npm, pnpm and Yarn, and as they are in files. */
const VARIABLES: readonly [name: RegExp, value: RegExp][] = [
  [/^npm_config_omit$/i, /\bdev\b/],
  [/^(?:npm_config|pnpm_config|yarn)_production$/i, /^(?:true|1)$/],
  [/^(?:npm_config|pnpm_config)_only$/i, /^prod/],
  [/^(?:npm_config|pnpm_config)_dev$/i, /^false$/],
]
const FILES: readonly [name: string, line: RegExp][] = [
  [
    '.npmrc',
    /^\s*(?:omit(?:\[\])?\s*=\s*"?dev|production\s*=\s*true|only\s*=\s*prod|dev\s*=\s*false)/,
  ],
  ['.yarnrc', /^\s*(?:--install\.)?production\s+true/],
]
const OPTION = /--omit[= ]dev\b|--production\b(?!=false)|--only[= ]prod\w*|--prod\b/

type Where = {
  folder: string
  environment: Record<string, string>
  command: string
  dependencies: Dependencies
}

/** Says what left out the devDependencies that may bring `missing`; nothing where they are there. */
export async function explainLeftOut(
  { log, folders }: Pick<BuildContext, 'log' | 'folders'>,
  { missing, ...where }: Where & { missing: string },
): Promise<void> {
  const parents = foldersUpTo(folders.repository, where.folder)
  const isThere = (name: string) =>
    parents.some((folder) => existsSync(join(folder, 'node_modules', name)))
  const names = Object.keys(where.dependencies.devDependencies)
  if (names.length === 0 || names.some(isThere)) return
  const cause = await findCause(parents, where)
  if (cause === undefined) return
  log.warn`devDependencies are not installed, since ${cause} leaves them out: one of them may bring ${missing}, which was not found.`
}

async function findCause(
  parents: string[],
  { environment, command }: Where,
): Promise<string | undefined> {
  for (const [name, value] of Object.entries(environment)) {
    if (VARIABLES.some(([names, values]) => names.test(name) && values.test(value))) {
      return `the variable ${name}=${value}`
    }
  }
  const [option] = OPTION.exec(command) ?? []
  if (option !== undefined) return `${option} in the command`
  for (const folder of parents) {
    for (const [name, line] of FILES) {
      const found = await findLine(join(folder, name), line)
      if (found !== undefined) return `"${found}" in ${name}`
    }
  }
  return undefined
}

async function findLine(path: string, wanted: RegExp): Promise<string | undefined> {
  try {
    const text = await readText({ path, maxBytes: MAX_SETTINGS_BYTES })
    return text
      ?.split(/\r?\n/)
      .find((line) => wanted.test(line))
      ?.trim()
  } catch (error) {
    if (error instanceof UnreadableFile) return undefined
    throw error
  }
}

/** `folder` and those above it, up to the repository's own. */
function foldersUpTo(repository: string, folder: string): string[] {
  const parents = [folder]
  for (let at = folder; at !== repository && dirname(at) !== at; ) {
    at = dirname(at)
    parents.push(at)
  }
  return parents
}
