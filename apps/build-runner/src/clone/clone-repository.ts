import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { cloneSource } from './git-credentials.ts'
import { gitSetup } from './git-environment.ts'
import { resolveRootDirectory } from './root-directory.ts'
import { type Git, gitRunner } from './run-git.ts'

/**
 * Fetches the commit that is to be built, with as much history as is asked for, and its submodules.
 * Returns the folder that the build works in. Throws StepFailed.
 *
 * The credentials reach git through its environment alone, which is gone when this returns.
 */
export async function cloneRepository(build: BuildContext): Promise<string> {
  const { spec, folders, log } = build
  log.sentence`Cloning repository...`
  const source = cloneSource(spec.repository)
  const setup = gitSetup(source, folders.runner)
  await writeFile(setup.configPath, setup.config, { mode: 0o600 })
  const git = gitRunner(build, setup.environment)
  try {
    await fetchCommit(git, { ...spec.repository, url: source.url })
    if (existsSync(join(folders.repository, '.gitmodules'))) {
      if (spec.repository.submodules) await updateSubmodules(git, spec.repository)
      else log.sentence`Submodules are not cloned: the trigger has clone_submodules off.`
    }
  } finally {
    await rm(setup.configPath, { force: true })
  }
  return await resolveRootDirectory(folders.repository, spec.root_directory)
}

async function fetchCommit(
  git: Git,
  {
    url,
    branch,
    commit_hash,
    depth,
  }: { url: string; branch: string; commit_hash: string; depth: number },
): Promise<void> {
  const failure = 'Failed: error occurred while fetching repository'
  const format = commit_hash.length === 64 ? ['--object-format=sha256'] : []
  await git(failure, 'init', '--quiet', ...format)
  await git(failure, 'remote', 'add', '--', 'origin', url)
  // The whole history comes with its tags, by which tools name a version.
  const extent = depth === 0 ? ['--tags'] : ['--no-tags', `--depth=${depth}`]
  await git(failure, 'fetch', '--quiet', ...extent, '--', 'origin', commit_hash)
  // On a branch of the pushed name, as a developer has it, so that tools which ask git agree.
  const target = branch === '' ? ['--detach'] : ['-B', branch]
  await git(failure, 'checkout', '--quiet', '--force', ...target, commit_hash)
}

async function updateSubmodules(git: Git, { depth }: { depth: number }): Promise<void> {
  const failure = 'Failed: error occurred while updating repository submodules'
  const extent = depth === 0 ? [] : [`--depth=${depth}`]
  await git(failure, 'submodule', '--quiet', 'update', '--init', '--recursive', ...extent)
}
