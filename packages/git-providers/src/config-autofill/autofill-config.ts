/** What a form for a Worker's build settings can be filled in with, from the repository itself. */
import { BuildsError, type ConfigAutofill } from '@workers-builds/contracts'
import { readProject } from '@workers-builds/package-managers'
import { z } from 'zod'
import type { GitRepository } from '../git-provider.ts'
import { CONFIG_FILES, readWorkerNames } from './read-wrangler-config.ts'
import { type RepositoryReader, repositoryReader } from './repository-reader.ts'

const PackageJson = z.object({
  scripts: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

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
  const reader = repositoryReader(repository, commit_hash)
  const files = await reader.filesIn(folder)
  if (files === undefined) {
    throw new BuildsError('not_found', `Not found: folder ${root_directory} on branch ${branch}`)
  }
  const inFolder = (name: string) => (folder === '' ? name : `${folder}/${name}`)
  const config = CONFIG_FILES.find((name) => files.includes(name))
  const [configText, manifest, package_manager] = await Promise.all([
    config && reader.read(inFolder(config)),
    reader.read(inFolder('package.json')),
    choosePackageManager(reader, { folder, files }),
  ])
  const names = config === undefined ? NO_NAMES : readWorkerNames(config, configText ?? '')
  return {
    config_file: config ?? null,
    ...names,
    package_manager,
    scripts: scriptsOf(manifest),
  }
}

const NO_NAMES = { default_worker_name: null, env_worker_names: null }

/** As a build chooses it. A build installs nothing without a package.json: a Python project has uv. */
async function choosePackageManager(
  reader: RepositoryReader,
  { folder, files }: { folder: string; files: string[] },
): Promise<ConfigAutofill['package_manager']> {
  const project = await readProject(reader, folder)
  if (project !== undefined) return project.packageManager
  return files.includes('uv.lock') || files.includes('pyproject.toml') ? 'uv' : 'npm'
}

function scriptsOf(manifest: string | undefined): Record<string, string> | null {
  const { scripts } = parsePackageJson(manifest ?? '')
  if (scripts === undefined) return null
  return Object.fromEntries(
    Object.entries(scripts).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string'
    }),
  )
}

function parsePackageJson(text: string): z.infer<typeof PackageJson> {
  try {
    return PackageJson.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data ?? {}
  } catch {
    return {} // no JSON: the build will say so
  }
}
