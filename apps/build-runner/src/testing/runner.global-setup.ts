/** Before the suites run: the runner is bundled once, as those that start builds do it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundleRunner } from '../bundle-runner.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the program. */
    runner: string
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'build-runner-'))
  const runner = join(folder, 'build-runner.mjs')
  await writeFile(runner, bundleRunner())
  project.provide('runner', runner)
  return () => rm(folder, { recursive: true })
}
