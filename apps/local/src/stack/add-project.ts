import { join } from 'node:path'
import { prepareRepository } from '@workers-builds/local-platform/git-host'
import type { StackSecrets } from './secrets.ts'
import { type DemoProject, seed } from './seed.ts'

/** Where the Git host of the stack in `dir` keeps its repositories. */
export const gitFolder = (dir: string) => join(dir, 'git')

/** The file in which the stack in `dir` says where it serves. */
export const addressFile = (dir: string) => join(dir, 'stack.json')

/**
 * Puts a project on the stack in `dir`, or brings it back to how it should be: its account with a
 * Worker and a trigger, and its repository on the Git host. Returns what `git push` takes.
 */
export async function addProject({
  dir,
  databaseUrl,
  secrets,
  project,
}: {
  dir: string
  databaseUrl: string
  secrets: StackSecrets
  project: DemoProject
}): Promise<string> {
  await seed({ databaseUrl, secrets, project })
  const gitDir = join(gitFolder(dir), project.owner, `${project.repo}.git`)
  await prepareRepository({
    gitDir,
    settings: {
      webhook_secret: secrets.webhook_secret,
      repo_connection_uuid: secrets.repo_connection_uuid,
      account_id: secrets.account_id,
      address_file: addressFile(dir),
      hook_id: secrets.github_repo_id,
      owner: { id: secrets.github_owner_id, login: project.owner },
      repository: { id: secrets.github_repo_id, name: project.repo },
    },
  })
  return gitDir
}
