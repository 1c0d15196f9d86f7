/** What a form for a Worker's build settings can be filled in with, from the repository itself. */
import { BuildsError, type ConfigAutofill } from '@workers-builds/contracts'
import { z } from 'zod'
import type { GitRepository } from '../git-provider.ts'
import { choosePackageManager } from './choose-package-manager.ts'
import { CONFIG_FILES, readWorkerNames } from './read-wrangler-config.ts'

const PackageJson = z.object({
  packageManager: z.unknown().optional(),
  scripts: z.record(z.string(), z.unknown()).optional().catch(undefined),
})
type PackageJson = z.infer<typeof PackageJson>

/**
 * Reads the branch as it is now. Throws `not_found` when there is no such branch or folder, and
 * what reading the repository throws.
 */
export async function autofillConfig(
  repository: GitRepository,
  { branch, root_directory }: { branch: string; root_directory: string },
): Promise<ConfigAutofill> {
  const { commit_hash } = await repository.resolveBranch(branch)
  const folder = root_directory.replace(/^(?:\.?\/)+|\/+$/g, '').replace(/^\.$/, '')
  const files = await repository.listFiles({ commit_hash, path: folder })
  if (files === undefined) {
    throw new BuildsError('not_found', `Not found: folder ${root_directory} on branch ${branch}`)
  }
  const isRoot = folder === ''
  const rootFiles = isRoot ? files : await repository.listFiles({ commit_hash, path: '' })
  const read = (path: string) => repository.readFile({ commit_hash, path })
  const inFolder = (name: string) => (isRoot ? name : `${folder}/${name}`)
  const config = CONFIG_FILES.find((name) => files.includes(name))
  const [configText, project, root] = await Promise.all([
    config && read(inFolder(config)),
    files.includes('package.json') ? read(inFolder('package.json')) : undefined,
    !isRoot && rootFiles?.includes('package.json') ? read('package.json') : undefined,
  ])
  const packages = [project, root].map((text) => parsePackageJson(text))
  const names = config === undefined ? NO_NAMES : readWorkerNames(config, configText ?? '')
  return {
    config_file: config ?? null,
    ...names,
    package_manager: choosePackageManager({
      folders: isRoot ? [files] : [files, rootFiles ?? []],
      package_managers: packages.map((found) => found?.packageManager),
    }),
    scripts: scriptsOf(packages[0]),
  }
}

const NO_NAMES = { default_worker_name: null, env_worker_names: null }

function parsePackageJson(text: string | undefined): PackageJson | undefined {
  if (text === undefined) return undefined
  try {
    return PackageJson.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // no JSON: the build will say so
  }
}

function scriptsOf(project: PackageJson | undefined): Record<string, string> | null {
  if (project?.scripts === undefined) return null
  const scripts = Object.entries(project.scripts)
  return Object.fromEntries(
    scripts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
