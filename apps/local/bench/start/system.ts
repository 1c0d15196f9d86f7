import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ComputeHost, startComputeHost } from '@workers-builds/compute-host'
import { BuildLogs, v4Envelope } from '@workers-builds/contracts'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { waitFor } from '@workers-builds/local-platform/waiting'
import postgres from 'postgres'
import { openSecrets } from '../../src/stack/secrets.ts'
import { startStack } from '../../src/stack/start-stack.ts'
import { startGitGate } from './git-gate.ts'
import { push } from './push.ts'
import { createCommit, createTenants, PROJECT } from './tenants.ts'

const POLLING = fileURLToPath(
  new URL('../../../build-management/bench/polling.worker.ts', import.meta.url),
)
const ACCOUNTS = 20
/** What a runner writes first; in containers the control plane has named their image before. */
const FIRST_LINE = 'Initializing build environment...'

/** Where the time of one start went, each in ms since the webhook was sent. */
export type Start = {
  /** The build stands in Postgres. */
  created: number
  /** Scheduler has claimed it. */
  claimed: number
  /** Its BuildBuddy has recorded that in Postgres. */
  initializing: number
  /** The runner wrote its first line, by the line's own timestamp. */
  first_line: number
}

export type System = Awaited<ReturnType<typeof startSystem>>

/**
 * A whole system with 20 accounts, whose Scheduler is woken or polls, and with so many runners
 * waiting before each burst: starting Node would be most of what is measured, for both alike.
 */
export async function startSystem(
  scheduler: 'ours' | 'polling',
  warmRunners: number,
  compute: 'host' | 'containers' = 'host',
) {
  const folder = await createTemporaryFolder(`bench-${scheduler}`)
  const dir = folder.path
  let computeHost: ComputeHost | undefined
  const git = await startGitGate()
  const stack = await startStack({
    dir,
    project: PROJECT,
    compute,
    smallImage: true,
    // Containers have processors of their own as far as this machine has them: nothing waits at the gate.
    ...(compute === 'host' && { gitUrl: git.url }),
    warmRunners,
    startHost: async (options) => {
      computeHost = await startComputeHost(options)
      return computeHost
    },
    mains: scheduler === 'polling' ? { 'build-management': POLLING } : {},
  })
  const { git_host_url } = JSON.parse(await readFile(join(dir, 'stack.json'), 'utf8'))
  git.setTarget(git_host_url)
  const secrets = await openSecrets({ dir })
  const connections = await createTenants(ACCOUNTS, { ...stack, secrets })
  const commit_hash = await createCommit(stack.git_remote)
  const sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} })

  const pushTo = (repo_connection_uuid: string) =>
    push({
      url: stack.url,
      repo_connection_uuid,
      commit_hash,
      repo_id: secrets.github_repo_id,
      webhook_secret: secrets.webhook_secret,
    })

  async function linesOf(build: { build_uuid: string; account_id: string }) {
    const { account_id, build_uuid } = build
    const path = `/client/v4/accounts/${account_id}/builds/builds/${build_uuid}/logs`
    const response = await fetch(new URL(path, stack.url), {
      headers: { authorization: `Bearer ${secrets.token}` },
    })
    return v4Envelope(BuildLogs).parse(await response.json()).result.lines
  }

  async function startOf({ build_uuid, sent_on }: { build_uuid: string; sent_on: number }) {
    const [row] = await sql<
      {
        account_id: string
        build_outcome: string
        created_on: Date
        claimed_on: Date
        initializing_on: Date
      }[]
    >`
      select account_id, build_outcome, created_on, claimed_on, initializing_on from builds
      where build_uuid = ${build_uuid}`
    const lines = row && (await linesOf({ ...row, build_uuid }))
    const first = lines?.find(([, message]) => message === FIRST_LINE)
    if (first === undefined || row?.build_outcome !== 'success') {
      const log = lines?.map(([, message]) => message).join('\n')
      throw new Error(`a build ended with ${row?.build_outcome}:\n${log}`)
    }
    return {
      created: row.created_on.getTime() - sent_on,
      claimed: row.claimed_on.getTime() - sent_on,
      initializing: row.initializing_on.getTime() - sent_on,
      first_line: first[0] - sent_on,
    } satisfies Start
  }

  async function untilNone(statuses: string[]): Promise<void> {
    const what = `no build to be ${statuses.join(' or ')}`
    await waitFor(what, async () => {
      const [row] = await sql<{ n: string }[]>`
        select count(*) as n from builds where status in ${sql(statuses)}`
      return row?.n === '0'
    })
  }

  async function untilRunnersWait(): Promise<void> {
    if (compute === 'containers') return
    const areWaiting = async () => (computeHost?.waitingRunners() ?? 0) >= warmRunners
    await waitFor(`${warmRunners} runners to wait`, areWaiting)
  }

  return {
    untilRunnersWait,

    /** Sends so many pushes at once, spread over the accounts; answers how each build started. */
    async burst(count: number): Promise<Start[]> {
      git.close()
      const pushes = await Promise.all(
        Array.from({ length: count }, (_, i) => pushTo(connections[i % ACCOUNTS] ?? '')),
      )
      await untilNone(['queued', 'initializing'])
      git.open()
      await untilNone(['running'])
      const starts: Start[] = []
      for (const each of pushes) starts.push(await startOf(each))
      return starts
    },

    async stop(): Promise<void> {
      await sql.end()
      await stack.stop()
      await git.stop()
      await folder.remove()
    },
  }
}
