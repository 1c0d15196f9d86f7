/** Real builds on the real system, while parts of it are killed and started again. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { StackOptions, WorkerBundles } from '@workers-builds/local/stack'
import { lookUntil, waitFor } from '@workers-builds/local-platform/waiting'
import { openApi } from '../support/api-client.ts'
import { checkBuild, type Findings } from './check.ts'
import { type Faults, makeFaults } from './make-faults.ts'
import { planBuilds } from './plan.ts'
import { pushBuilds, type StartedBuild } from './push-builds.ts'
import { checkBackfill, startBackfill, untilBackfilled } from './run-backfill.ts'
import { type System, startSystem } from './system.ts'
import { watchBuilds } from './watch.ts'
import { WHILE_DOWN } from './while-down.ts'

/** The last faults are over while so many builds are still under way. */
const CALM_FROM = 3
/** Longer than any limit, grace and sweep: what is unfinished then is stuck. */
const PATIENCE_MS = 300_000

export interface ChaosResult {
  seed: number
  builds: number
  faults: Faults['counts']
  /** Webhooks that were taken twice, by how they came. */
  repeated_webhooks: System['webhooks']['counts']
  /** Failed builds that were scanned once more meanwhile. */
  backfilled_builds: number
  lost_lines: number
  repeated_lines: number
  stuck_builds: number
  duplicate_errors: number
  unscanned_failures: number
  wrong_outcomes: number
}

export interface ChaosOptions {
  /** An empty folder for the system's state and logs. */
  dir: string
  seed: number
  builds: number
  /**
   * The two minutes after which Scheduler sends a failed build that nobody scanned to the queue
   * again pass at once, when all builds are over.
   */
  hurry?: boolean
  /** The Workers bundled before; bundled at each of their starts when left out. */
  bundles?: WorkerBundles
  /** Which of build-management's waits are shorter than its defaults. */
  patience?: StackOptions['patience']
  /** Called with what happens, line by line. */
  log?: (line: string) => void
}

export async function runChaos({
  dir,
  seed,
  builds,
  hurry = false,
  bundles,
  patience,
  log = () => {},
}: ChaosOptions): Promise<{ result: ChaosResult; complaints: string[] }> {
  const system = await startSystem({ dir, seed, bundles, patience })
  try {
    log(`serving at ${system.url}`)
    const started: StartedBuild[] = []
    const cancels: Promise<unknown>[] = []
    const watch = watchBuilds(system)
    const faults = makeFaults(system, { seed, onFault: log })
    try {
      await pushBuilds(system, {
        plan: planBuilds({ seed, builds }),
        onStarted: (build) => {
          started.push(build)
          if (build.kind === 'cancelled') cancels.push(cancel(system, build))
        },
      })
      log(`all ${started.length} builds are queued`)
      await startBackfill(system)
      await until(() => watch.unfinished() <= CALM_FROM)
    } finally {
      await faults.stop()
    }
    log('no more faults')
    await Promise.all(cancels)
    await system.webhooks.settled()
    await until(() => watch.unfinished() === 0)
    await watch.stop()
    if (hurry)
      await system.query(
        (sql) => sql`update builds set scan_due_on = now() where scan_due_on is not null`,
      )
    const unscanned = await untilScanned(system)
    const backfill = await untilBackfilled(system, PATIENCE_MS)
    const found = await findings(system, { started, hits: faults.hits })
    const complaints = [
      ...watch.complaints,
      ...system.webhooks.complaints,
      ...checkBackfill(backfill),
      ...found.flatMap((each) => each.complaints),
      ...(await wrongElsewhere(system, { builds })),
    ]
    const sum = (of: (each: Findings) => number) => found.reduce((all, each) => all + of(each), 0)
    const others = complaints.length - found.flatMap((each) => each.complaints).length
    return {
      complaints: [...complaints, ...unscanned.map((id) => `build ${id} failed and has no scan`)],
      result: {
        seed,
        builds: started.length,
        faults: faults.counts,
        repeated_webhooks: system.webhooks.counts,
        backfilled_builds: backfill.builds_scanned,
        lost_lines: sum((each) => each.lost_lines),
        repeated_lines: sum((each) => each.repeated_lines),
        stuck_builds: watch.unfinished(),
        duplicate_errors: await countDuplicateErrors(system),
        unscanned_failures: unscanned.length,
        wrong_outcomes: sum((each) => each.wrong_outcomes) + others,
      },
    }
  } finally {
    await system.stop()
  }
}

/** Waits, and goes on when it takes too long: what is not over then is counted. */
async function until(isSo: () => boolean): Promise<void> {
  // The first looks may not have seen the newest builds yet.
  await pause(1_000)
  await lookUntil(isSo, (result) => result, { timeoutMs: PATIENCE_MS, pauseMs: 200 })
}

async function cancel(system: System, build: StartedBuild): Promise<void> {
  await pause(build.cancel_after_ms)
  const ask = () => apiOf(system, build).cancel(build.build_uuid)
  await waitFor('a build to be cancelled', ask, WHILE_DOWN)
}

function apiOf(system: System, { account_id }: StartedBuild) {
  return openApi({ ...system, account_id })
}

async function untilScanned({ query }: System): Promise<number[]> {
  const look = () =>
    query(
      (sql) => sql<{ build_id: number }[]>`
        select b.build_id from builds b left join build_error_scans s using (build_id)
        where b.build_outcome in ('fail', 'terminated')
          and (s.outcome is null or s.outcome not in ('detected', 'no_match'))`,
    )
  const options = { timeoutMs: PATIENCE_MS, pauseMs: 500 }
  const rows = await lookUntil(look, ({ length }) => length === 0, options)
  return rows.map((row) => row.build_id)
}

async function findings(
  system: System,
  { started, hits }: { started: StartedBuild[]; hits: Faults['hits'] },
): Promise<Findings[]> {
  const found: Findings[] = []
  for (const each of started) {
    const api = apiOf(system, each)
    const { build_uuid } = each
    const build = await waitFor('a build', () => api.getBuild(build_uuid), WHILE_DOWN)
    const log = await waitFor('a log', () => api.readLog(build_uuid), WHILE_DOWN)
    found.push(checkBuild(each, { build, log, recording: system.proxy.of(build_uuid), hits }))
  }
  return found
}

/** What is not to be seen in any one build. */
async function wrongElsewhere(system: System, { builds }: { builds: number }): Promise<string[]> {
  const wrong: string[] = []
  const rows = await system.query(
    (sql) => sql<{ commit_hash: string; count: number }[]>`
      select commit_hash, count(*) as count from builds group by commit_hash`,
  )
  for (const { commit_hash, count } of rows) {
    if (count > 1) wrong.push(`the push of ${commit_hash} made ${count} builds`)
  }
  if (rows.length < builds) wrong.push(`${rows.length} pushes of ${builds} made builds`)
  const left = system.buildProcesses()
  if (left.length > 0) wrong.push(`${left.length} processes of builds are left`)
  for (const name of ['workers', 'compute-host']) {
    const log = await readFile(join(system.dir, 'logs', `${name}.log`), 'utf8')
    for (const secret of [system.token, system.platform_token]) {
      if (log.includes(secret)) wrong.push(`a token stands in ${name}.log`)
    }
  }
  return wrong
}

async function countDuplicateErrors({ query }: System): Promise<number> {
  const [row] = await query(
    (sql) => sql<{ duplicates: number }[]>`
      select
        (select count(*) from (
          select from build_errors group by build_id, error_code, error_group
          having count(*) > 1) repeated)
        + (select count(*) from (
          select from build_errors group by build_id, rank having count(*) > 1) tied)
        + (select count(*) from build_errors join builds using (build_id)
          where build_outcome not in ('fail', 'terminated')) as duplicates`,
  )
  return row?.duplicates ?? 0
}
