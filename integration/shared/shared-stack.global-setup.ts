/** One whole system for all suites of this folder, started when the first of them is to run. */
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'
import type { TestProject } from 'vitest/node'
import { type StackAddress, startStackProcess } from '../support/stack-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    sharedStack: StackAddress & { dir: string }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { path: dir, remove } = await createTemporaryFolder('shared')
  try {
    const { address, end } = await startStackProcess(dir)
    project.provide('sharedStack', { ...address, dir })
    return async () => {
      await end('SIGTERM')
      await remove()
    }
  } catch (error) {
    await remove()
    throw error
  }
}
