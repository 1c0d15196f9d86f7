/** Before the suites run: the Workers are bundled once, for every system that a test starts. */
import { bundleWorkers, type WorkerBundles } from '@workers-builds/local/stack'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import { shareInRun } from '@workers-builds/test-kit/share-in-run'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    workerBundles: WorkerBundles
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { bundles, stop } = await shareInRun('bundles', bundle)
  project.provide('workerBundles', bundles)
  return stop
}

async function bundle() {
  const folder = await createTemporaryFolder('bundles')
  return { bundles: await bundleWorkers({ dir: folder.path }), stop: folder.remove }
}
