/** The whole system, in parts that can be killed. */
import {
  type Stack,
  type StackOptions,
  startStack,
  type WorkerBundles,
} from '@workers-builds/local/stack'
import { listProcesses, workingBelow } from '@workers-builds/process-tree'
import { connect, type Sql } from '@workers-builds/store'
import { runnersOf } from '../support/runners.ts'
import { computeHostProcess } from './compute-host-process.ts'
import type { FaultKind } from './plan.ts'
import { SHORT_LIMIT_BRANCHES } from './projects.ts'
import { startRecordingProxy } from './recording-proxy.ts'
import { startRepeatingProxy } from './repeating-proxy.ts'

/** How many builds of each account may run at once. */
export const CONCURRENCY = 6
/** The limit of the account whose builds outlive it. */
const SHORT_LIMIT_SECONDS = 20

const PROJECT = {
  account_name: 'Chaos',
  script_name: 'chaos-worker',
  owner: 'chaos',
  repo: 'chaos-worker',
  build_command: 'sh build.sh',
  deploy_command: 'sh deploy.sh',
}

export type System = Awaited<ReturnType<typeof startSystem>>

export async function startSystem({
  dir,
  seed,
  bundles,
  patience,
}: {
  dir: string
  seed: number
  patience?: StackOptions['patience']
  bundles?: WorkerBundles | undefined
}) {
  const proxy = await startRecordingProxy()
  const webhooks = await startRepeatingProxy({ seed })
  const host = computeHostProcess()
  let stack: Stack
  try {
    stack = await startStack({
      dir,
      project: PROJECT,
      bundles,
      ...(patience && { patience }),
      callbackUrl: proxy.url,
      webhookUrl: webhooks.url,
      startHost: host.startHost,
    })
  } catch (error) {
    await proxy.close()
    await webhooks.close()
    throw error
  }
  proxy.setTarget(stack.url)
  webhooks.setTarget(stack.url)
  await seedShortLimit(stack)
  const { parts } = stack

  /** Kills one thing; answers which builds it concerns, where it is known, or null for nothing. */
  async function kill(kind: FaultKind, choice: number): Promise<{ build_uuid?: string } | null> {
    switch (kind) {
      case 'runner': {
        const runners = runnersOf(host.pid()).filter(({ build_uuid }) => build_uuid.length === 36)
        const runner = runners[Math.floor(choice * runners.length)]
        if (runner === undefined) return null
        process.kill(runner.pid, 'SIGKILL')
        return { build_uuid: runner.build_uuid }
      }
      case 'workerd': {
        const [, ...started] = parts.workersPids()
        for (const pid of started) killHard(pid)
        return {}
      }
      case 'workers':
        // wrangler first: what it leaves behind keeps its port and goes on ticking.
        killHard(parts.workersPids()[0])
        return {}
      case 'postgres':
        killHard(parts.postgresPid() ?? undefined)
        return {}
      case 'compute_host':
        await host.kill()
        return {}
    }
  }

  /** Starts again what was killed, in its place. */
  async function heal(kind: FaultKind): Promise<void> {
    if (kind === 'postgres') await parts.startPostgres()
    if (kind === 'compute_host') await host.heal()
    if (kind === 'workers' || kind === 'workerd') {
      // wrangler is not to be relied on to start a workerd that was killed again and again.
      for (const pid of parts.workersPids()) killHard(pid)
      await parts.startWorkers()
    }
  }

  return {
    ...stack,
    dir,
    proxy,
    webhooks,
    kill,
    heal,
    /** A connection for one question, since the server comes and goes. */
    async query<Result>(ask: (sql: Sql) => Promise<Result>): Promise<Result> {
      const sql = connect(stack.databaseUrl, { max: 1 })
      try {
        return await ask(sql)
      } finally {
        await sql.end({ timeout: 1 })
      }
    },
    /** Processes of builds that are alive. */
    buildProcesses: () => workingBelow(host.buildsDir())(listProcesses()),
    async stop() {
      await webhooks.close()
      await stack.stop()
      await proxy.close()
    },
  }
}

function killHard(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Adds an account with a short limit, whose trigger takes the branches that are meant for it. */
async function seedShortLimit({ databaseUrl, account_id, script_tag }: Stack): Promise<void> {
  const sql = connect(databaseUrl, { max: 1 })
  const short = sql.json([SHORT_LIMIT_BRANCHES])
  const other = 'c'.repeat(32)
  try {
    await sql`update accounts set max_concurrent_builds = ${CONCURRENCY}`
    await sql`
      insert into accounts (account_id, account_name, max_concurrent_builds, build_timeout_seconds)
      values (${other}, 'Short', ${CONCURRENCY}, ${SHORT_LIMIT_SECONDS})`
    await sql`
      insert into workers (script_tag, account_id, script_name) values (${other}, ${other}, 'short')`
    await sql`
      insert into api_token_accounts (api_token_uuid, account_id, permission)
      select api_token_uuid, ${other}, permission from api_token_accounts
      where account_id = ${account_id}`
    await sql`
      insert into triggers (script_tag, repo_connection_uuid, build_token_uuid, trigger_name,
        build_command, deploy_command, branch_includes)
      select ${other}, repo_connection_uuid, build_token_uuid, 'Short', build_command,
        deploy_command, ${short}
      from triggers where script_tag = ${script_tag}`
    await sql`
      update triggers set branch_excludes = ${short} where script_tag = ${script_tag}`
  } finally {
    await sql.end()
  }
}
