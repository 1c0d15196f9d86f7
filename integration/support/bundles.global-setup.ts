/** Before the suites run: the Workers are bundled once, for every system that a test starts. */
import { bundleWorkers, type WorkerBundles } from '@workers-builds/local/stack'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    workerBundles: WorkerBundles
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await createTemporaryFolder('bundles')
  project.provide('workerBundles', await bundleWorkers({ dir: folder.path }))
  return folder.remove
}
