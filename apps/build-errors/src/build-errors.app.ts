/** The build-errors Worker: finds out why builds failed. It has no route, only queues. */
import { WorkerEntrypoint } from 'cloudflare:workers'
import type { BuildErrorsRpc } from '@workers-builds/contracts'
import { DETECTOR_VERSION } from '@workers-builds/error-detection'
import { withLogTags } from '@workers-builds/logging'
import { observeEntrypoint, observeWorker } from '@workers-builds/observability'
import { openStore } from '@workers-builds/store'
import { readBuildLog, readLineTemplates } from './read-build-log.ts'
import { recordDeadLetters } from './record-dead-letters.ts'
import { scanBatch } from './scan-batch.ts'

const DEAD_LETTERS = 'build-errors-dead'

/** What the client Worker reaches through its service binding. */
class BuildErrorsEntrypoint extends WorkerEntrypoint<Env> implements BuildErrorsRpc {
  async getDetectorVersion(): Promise<number> {
    return DETECTOR_VERSION
  }
}

export const BuildErrors = observeEntrypoint(BuildErrorsEntrypoint)
export type BuildErrors = BuildErrorsEntrypoint

const worker = {
  async queue(batch, env, ctx): Promise<void> {
    const tags = { source: 'build-errors', release: env.GIT_TAG, environment: env.ENVIRONMENT }
    await withLogTags(tags, async () => {
      const store = openStore(env.HYPERDRIVE.connectionString, { max: 1 })
      const readers = { readLog: readBuildLog(env), readTemplates: readLineTemplates(env) }
      try {
        if (batch.queue === DEAD_LETTERS) await recordDeadLetters(batch.messages, { store })
        else await scanBatch(batch.messages, { store, ...readers })
      } finally {
        // The next batch need not wait for this one's connection to close.
        ctx.waitUntil(store.end())
      }
    })
  },

  async fetch(): Promise<Response> {
    return new Response('build-errors has no routes', { status: 404 })
  },
} satisfies ExportedHandler<Env>

export default observeWorker(worker)
