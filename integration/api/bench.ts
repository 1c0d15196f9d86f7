/**
 * `pnpm bench:api [--requests N] [--builds N]`: what the REST API serves on a whole running system.
 *
 * Six calls, each by 1, 16 and 256 callers at once, and beside each the same queries asked of
 * Postgres directly, over at most 32 connections. The six are what the dashboard, the CLI and the MCP
 * server ask for again and again: a build (polled while it runs), its log, its errors, the builds of
 * a Worker, its triggers, and the newest build of several Workers. A log is not in Postgres; beside
 * it stand the queries that permit reading it.
 *
 * Then 300 lists are read at once with one token, and how long does another account wait meanwhile?
 * Its reads follow one another, each sent when the one before is answered.
 *
 * All runs on this machine, this program too. Prints, last, one line of JSON.
 */
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { connect, type Store, storeOn } from '@workers-builds/store'
import { createHarness } from '@workers-builds/store/testing'
import pMap from 'p-map'
import { startStackProcess } from '../support/stack-process.ts'
import { createTenant } from '../support/tenant.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '512' },
    builds: { type: 'string', default: '200' },
  },
})
const [REQUESTS, BUILDS] = [Number(values.requests), Number(values.builds)]
const CALLERS = [1, 16, 256]
const DIRECT_CONNECTIONS = 32
/** Each may make 6,000 requests a minute. */
const TOKENS = 16
const READS_OF_ONE_TOKEN = 300
const LINES = 'for (let i = 0; i < 500; i++) console.log(`line ${i}`); process.exit(1)'

type Call = { path: string; ask: (store: Store) => Promise<unknown> }
type Figures = { requests_per_second: number; p99_ms: number }

const folder = await createTemporaryFolder('bench-api')
const stack = await startStackProcess(folder.path)
const direct = connect(stack.address.databaseUrl, { max: DIRECT_CONNECTIONS })
try {
  console.log(JSON.stringify(await bench()))
} finally {
  await direct.end()
  await stack.end('SIGTERM')
  await folder.remove()
}

async function bench() {
  const address = { ...stack.address, dir: folder.path }
  const { url } = address
  const harness = createHarness(direct)
  const tenant = await createTenant(address)
  const { build_uuid } = await tenant.push({
    'package.json': { name: 'bench', private: true, scripts: { build: 'node build.js' } },
    'build.js': LINES,
  })
  const { errors } = await tenant.api.waitForScan(build_uuid)
  console.log(`a build failed with ${errors.length} errors`)
  const { account_id, script_tag } = tenant
  const build = { account_id, build_uuid }
  const worker = { account_id, script_tag }
  const store = storeOn(direct)
  await addBuilds()
  const tokens = await pMap(Array.from({ length: TOKENS }), () =>
    harness.createToken({ accounts: [account_id], permission: 'read' }),
  )

  const builds = `/client/v4/accounts/${account_id}/builds`
  const calls: Record<string, Call> = {
    build: {
      path: `${builds}/builds/${build_uuid}`,
      ask: (store) => store.builds.selectByUuid(build),
    },
    log: {
      path: `${builds}/builds/${build_uuid}/logs`,
      ask: (store) => store.builds.selectByUuid(build),
    },
    errors: {
      path: `${builds}/builds/${build_uuid}/errors`,
      ask: async (store) => {
        const row = await store.builds.selectByUuid(build)
        const build_id = row?.build_id ?? 0
        return await Promise.all([
          store.buildErrorScans.select(build_id),
          store.buildErrors.selectByBuild(build_id),
        ])
      },
    },
    builds_of_worker: {
      path: `${builds}/workers/${script_tag}/builds`,
      ask: async (store) => [
        await store.workers.exists(worker),
        await store.builds.selectPageByWorker({ ...worker, page: 1, per_page: 50 }),
      ],
    },
    triggers: {
      path: `${builds}/workers/${script_tag}/triggers`,
      ask: async (store) => [
        await store.workers.exists(worker),
        await store.triggers.selectByWorker(worker),
      ],
    },
    latest_builds: {
      path: `${builds}/builds/latest?external_script_ids=${script_tag}`,
      ask: (store) => store.builds.selectLatest({ account_id, script_tags: [script_tag] }),
    },
  }

  const read = async (path: string, token: string) => {
    const response = await fetch(new URL(path, url), {
      headers: { authorization: `Bearer ${token}` },
    })
    const body = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`)
  }
  const figures: Record<string, Record<string, { api: Figures; postgres: Figures }>> = {}
  for (const [name, { path, ask }] of Object.entries(calls)) {
    await read(path, tokenAt(tokens, 0))
    figures[name] = {}
    for (const callers of CALLERS) {
      const api = await measure(callers, (i) => read(path, tokenAt(tokens, i)))
      const postgres = await measure(callers, async (i) => {
        const hash = createHash('sha256').update(tokenAt(tokens, i)).digest()
        await store.apiTokens.selectCaller(hash)
        await ask(store)
      })
      figures[name][`at_${callers}`] = { api, postgres }
      console.log(`${name} at ${callers}: ${JSON.stringify(figures[name][`at_${callers}`])}`)
    }
  }

  const other = await createTenant(address)
  const otherPath = `/client/v4/accounts/${other.account_id}/builds/tokens`
  const oneToken = await harness.createToken({ accounts: [account_id], permission: 'read' })
  const waits: number[] = []
  let isOver = false
  const started = performance.now()
  const many = Promise.all(
    Array.from({ length: READS_OF_ONE_TOKEN }, () => read(`${builds}/tokens`, oneToken)),
  ).finally(() => {
    isOver = true
  })
  while (!isOver) waits.push(await timed(() => read(otherPath, other.token)))
  await many
  return {
    calls: figures,
    reads_of_one_token: READS_OF_ONE_TOKEN,
    reads_of_one_token_ms: Math.round(performance.now() - started),
    other_tenant_reads: waits.length,
    other_tenant_longest_ms: Math.round(Math.max(...waits)),
    other_tenant_median_ms: Math.round(waits.toSorted((a, b) => a - b)[waits.length >> 1] ?? 0),
  }

  /** Fills the Worker's list with builds that failed. */
  async function addBuilds(): Promise<void> {
    const row = await store.builds.selectByUuid(build)
    if (row === undefined) throw new Error(`there is no build ${build_uuid}`)
    const { trigger_uuid } = row.trigger
    const owner = { ...(await harness.createTenant()), account_id, script_tag, trigger_uuid }
    for (let i = 0; i < BUILDS; i++) await harness.createFailedBuild({ tenant: owner })
  }
}

function tokenAt(tokens: string[], i: number): string {
  return tokens[i % tokens.length] ?? ''
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** One caller makes a quarter of the requests: it has to wait for each. */
async function measure(callers: number, work: (i: number) => Promise<void>): Promise<Figures> {
  const indexes = Array.from({ length: callers === 1 ? REQUESTS / 4 : REQUESTS }, (_, i) => i)
  const started = performance.now()
  const times = await pMap(indexes, (i) => timed(() => work(i)), { concurrency: callers })
  const seconds = (performance.now() - started) / 1_000
  const sorted = times.toSorted((a, b) => a - b)
  return {
    requests_per_second: Math.round(indexes.length / seconds),
    p99_ms: Math.round((sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0) * 10) / 10,
  }
}
