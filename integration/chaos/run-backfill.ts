/** Scans every failed build again while parts of the system are killed. */
import type { Backfills } from '@workers-builds/contracts'
import { lookUntil, waitFor } from '@workers-builds/local-platform/waiting'
import { openApi } from '../support/api-client.ts'
import type { System } from './system.ts'
import { WHILE_DOWN } from './while-down.ts'

const LOOK_MS = 500

type Run = Backfills[number]

/** Starts a backfill of all builds, once, whatever becomes of the answer to the first request. */
export async function startBackfill(system: System): Promise<void> {
  const api = openApi(system)
  const start = async () => {
    const runs = await api.listBackfills()
    if (runs.length === 0) await api.startBackfill({})
    return true
  }
  await waitFor('a backfill to be started', start, WHILE_DOWN)
}

/** The backfill when it is over, or as it is when that takes too long. */
export async function untilBackfilled(system: System, patience_ms: number): Promise<Run> {
  const api = openApi(system)
  const look = async () => {
    const [run] = await waitFor('the backfills', () => api.listBackfills(), WHILE_DOWN)
    if (run === undefined) throw new Error('the backfill that was started is not there')
    return run
  }
  const options = { timeoutMs: patience_ms, pauseMs: LOOK_MS }
  return await lookUntil(look, (run) => run.stopped_on !== null, options)
}

/** What is wrong with it, for people. */
export function checkBackfill({ status, builds_queued, builds_scanned, builds_failed }: Run) {
  const isRight = status === 'completed' && builds_scanned === builds_queued && builds_failed === 0
  const counts = `${builds_scanned} of ${builds_queued} scanned, ${builds_failed} in vain`
  return isRight ? [] : [`the backfill is ${status}: ${counts}`]
}
