import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removePostgres } from './remove.ts'
import { type RunningPostgres, startPostgres } from './start.ts'

/**
 * A server of one's own in a folder that `stop()` removes, for a test run's global setup. Any
 * number of them run side by side.
 */
export async function startTemporaryPostgres(): Promise<RunningPostgres> {
  const dir = await mkdtemp(join(tmpdir(), 'workers-builds-postgres-'))
  const running = await startPostgres({ dir, durable: false })
  return {
    ...running,
    async stop() {
      await running.stop()
      await removePostgres({ dir })
    },
  }
}
