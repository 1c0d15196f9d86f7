/** The parts of a scan that one machine can measure, each by itself. */
import { performance } from 'node:perf_hooks'
import { type LogLine, LogPage } from '@workers-builds/contracts'
import { createErrorDetector, DETECTOR_VERSION } from '@workers-builds/error-detection'
import { type BuildScan, openStore } from '@workers-builds/store'
import { failedLog } from '../lab/failed-logs.ts'
import type { Lab } from '../lab/lab.ts'
import { DESIGN, LIMITS } from '../model/projection.ts'
import { type MeasuredParts, median } from './result.ts'

const MOST_BATCHES = 20

/** Measures the parts over the first builds of the lab, one after the other. */
export async function measureParts(lab: Lab, build_ids: number[]): Promise<MeasuredParts> {
  const all = {
    min_build_id: build_ids[0] ?? 0,
    max_build_id: build_ids.at(-1) ?? 0,
    older_than_detector_version: null,
    error_codes: null,
    account_ids: null,
    builds_per_second: null,
    started_on: new Date(),
  }
  const parts: Record<keyof MeasuredParts, number[]> = {
    cpu_ms_per_build: [],
    store_ms_per_batch: [],
    select_ms: [],
  }
  for (const batch of batchesOf(build_ids)) {
    const logs = batch.map((build_id) => ({ build_id, pages: failedLog(build_id) }))
    let scans: BuildScan[] = []
    const searched = await timed(async () => {
      scans = logs.map(scan)
    })
    parts.cpu_ms_per_build.push(searched / batch.length)
    // As the consumer does: a connection for each batch.
    const store = openStore(lab.databaseUrl, { max: 1 })
    await store.buildErrorScans.selectBuilds(batch)
    parts.store_ms_per_batch.push(await timed(() => store.buildErrorScans.replace(scans)))
    const next = { after: 0, through: all.max_build_id, limit: DESIGN.builds_per_select }
    parts.select_ms.push(await timed(() => store.backfills.selectUnscanned(all, next)))
    await store.end()
  }
  const middle = (part: keyof MeasuredParts) => Number(median(parts[part]).toPrecision(3))
  return {
    cpu_ms_per_build: middle('cpu_ms_per_build'),
    store_ms_per_batch: middle('store_ms_per_batch'),
    select_ms: middle('select_ms'),
  }
}

/** The consumer's work on one log, but for reading it. */
function scan({ build_id, pages }: { build_id: number; pages: LogLine[][] }): BuildScan {
  const detector = createErrorDetector()
  for (const lines of pages) detector.push(LogPage.parse({ lines, complete: true }).lines)
  const { outcome, errors, lines_read } = detector.finish({
    failure_reason: 'build_command_failed',
  })
  return { build_id, outcome, detector_version: DETECTOR_VERSION, lines_read, errors }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function batchesOf(build_ids: number[]): number[][] {
  const { queue_batch } = LIMITS
  const count = Math.min(MOST_BATCHES, Math.floor(build_ids.length / queue_batch))
  return Array.from({ length: Math.max(1, count) }, (_, index) =>
    build_ids.slice(index * queue_batch, (index + 1) * queue_batch),
  )
}
