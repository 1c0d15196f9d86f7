/** One whole system for all suites of this folder, started when the first of them is to run. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import type { TestProject } from 'vitest/node'
import type {} from '../support/bundles.global-setup.ts'
import { discardFolder } from '../support/discard-folder.ts'
import { type StackAddress, startStackProcess } from '../support/stack-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    sharedStack: StackAddress & {
      dir: string
      /** What tests write here, builds can read. */
      signalsDir: string
    }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await createTemporaryFolder('shared')
  const dir = folder.path
  const bundles = project.getProvidedContext().workerBundles
  try {
    const signalsDir = join(dir, 'signals')
    await mkdir(signalsDir)
    const { address, end } = await startStackProcess(dir, { bundles, readablePaths: [signalsDir] })
    project.provide('sharedStack', { ...address, dir, signalsDir })
    return async () => {
      await end('SIGTERM')
      const modules = project.vitest.state.getTestModules()
      const isFailed = modules.some((each) => each.project === project && !each.ok())
      await discardFolder(folder, { suite: 'integration/shared', isFailed })
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}
