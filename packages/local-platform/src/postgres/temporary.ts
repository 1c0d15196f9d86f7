import { existsSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AlreadyRunningError, openRunRecord, RECORD_FILE } from '../processes/run-record.ts'
import { removePostgres } from './remove.ts'
import { type RunningPostgres, startPostgres } from './start.ts'

const PREFIX = 'workers-builds-postgres-'

/**
 * A server of one's own in a folder that `stop()` removes, for a test run's global setup. Any
 * number of them run side by side. What a test run that was killed hard left behind is removed by
 * the next one.
 */
export async function startTemporaryPostgres(): Promise<RunningPostgres> {
  await removeAbandoned()
  const dir = await mkdtemp(join(tmpdir(), PREFIX))
  const run = await openRunRecord({ dir })
  const running = await startPostgres({ dir, durable: false })
  if (running.pid !== null) await run.add({ name: 'postgres', pid: running.pid })
  return {
    ...running,
    async stop() {
      await running.stop()
      await removePostgres({ dir })
    },
  }
}

async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const dir = join(tmpdir(), name)
    // Without a record it is just being started, or not ours to read.
    if (!name.startsWith(PREFIX) || !existsSync(join(dir, RECORD_FILE))) continue
    try {
      await openRunRecord({ dir })
      await removePostgres({ dir })
    } catch (error) {
      if (!isInUse(error)) throw error
    }
  }
}

/** Somebody's test run is under way, or another is removing the folder at this moment. */
function isInUse(error: unknown): boolean {
  if (error instanceof AlreadyRunningError) return true
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'EACCES' || code === 'EPERM'
}
