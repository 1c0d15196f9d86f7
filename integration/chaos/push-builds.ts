/** Pushes the projects of a plan, and sees to it that each has its build. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { waitFor } from '@workers-builds/local-platform/waiting'
import type { PlannedBuild } from './plan.ts'
import { branchOf, type Project, projectOf } from './projects.ts'
import type { System } from './system.ts'
import { WHILE_DOWN } from './while-down.ts'

/** A build of the plan that is there. */
export interface StartedBuild extends PlannedBuild {
  project: Project
  account_id: string
  build_id: number
  build_uuid: string
  commit_hash: string
  queued_on: number
}

/** So many branches go into one push: each has a webhook of its own. */
const BRANCHES_PER_PUSH = 4

export async function pushBuilds(
  system: System,
  { plan, onStarted }: { plan: PlannedBuild[]; onStarted: (build: StartedBuild) => void },
): Promise<void> {
  const { path: folder, remove } = await createTemporaryFolder('chaos-work')
  const git = gitIn(folder)
  await git('init', '--quiet')
  try {
    for (let from = 0; from < plan.length; from += BRANCHES_PER_PUSH) {
      let waiting = plan.slice(from, from + BRANCHES_PER_PUSH)
      // Webhooks that found nobody are lost, as a provider's are: the branch is pushed again.
      for (let attempt = 0; waiting.length > 0; attempt++) {
        const commits = new Map<string, PlannedBuild>()
        for (const build of waiting) commits.set(await commit(folder, build, attempt), build)
        const refs = [...commits].map(
          ([hash, { kind, index }]) => `+${hash}:refs/heads/${branchOf(kind, index)}`,
        )
        await git('push', '--quiet', system.git_remote, ...refs)
        for (const row of await findBuilds(system, [...commits.keys()])) {
          const build = commits.get(row.commit_hash)
          if (build === undefined) continue
          commits.delete(row.commit_hash)
          const project = projectOf(build.kind, build.index)
          onStarted({ ...build, ...row, project, queued_on: Date.now() })
        }
        waiting = [...commits.values()]
      }
    }
  } finally {
    await remove()
  }
}

async function findBuilds({ query }: System, commits: string[]) {
  const find = () =>
    query(
      (sql) => sql<
        { build_id: number; build_uuid: string; account_id: string; commit_hash: string }[]
      >`
        select build_id, build_uuid, account_id, commit_hash from builds
        where commit_hash in ${sql(commits)} order by build_id`,
    )
  return await waitFor('the builds in Postgres', find, WHILE_DOWN)
}

/** A commit without parents, so that no build depends on another; answers its hash. */
async function commit(folder: string, build: PlannedBuild, attempt: number): Promise<string> {
  const git = gitIn(folder)
  const branch = `work-${build.index}-${attempt}`
  await git('checkout', '--quiet', '--orphan', branch)
  await git('rm', '-r', '--quiet', '--cached', '--force', '--ignore-unmatch', '.')
  for (const [name, content] of Object.entries(projectOf(build.kind, build.index).files)) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, name), content)
    await git('add', '--force', name)
  }
  await git('commit', '--quiet', '--message', `Build ${build.index}, push ${attempt}`)
  return await git('rev-parse', 'HEAD')
}

function gitIn(folder: string) {
  const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']
  return async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('git', [...person, ...args], { cwd: folder })
    return stdout.trim()
  }
}
