import type { TemporaryFolder } from '@workers-builds/local-platform/folders'
import { afterAll, type RunnerTask } from 'vitest'

/**
 * After the tests of this file: `end` ends their system and answers with the folder that it kept
 * everything in, if it came to that. The folder is deleted, unless a test failed.
 */
export function endAfterTests(end: () => Promise<TemporaryFolder | undefined>): void {
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a hook needs from here
  afterAll(async ({}, suite) => {
    const folder = await end()
    if (folder !== undefined)
      await discardFolder(folder, { suite: suite.name, isFailed: hasFailed(suite) })
  })
}

/** Where a test failed, the logs of its system may say why: they stay, and this prints where. */
export async function discardFolder(
  { path, remove }: TemporaryFolder,
  { suite, isFailed }: { suite: string; isFailed: boolean },
): Promise<void> {
  if (!isFailed) return await remove()
  console.error(
    `${suite} failed: the logs of its system are in ${path}/logs; delete ${path} afterwards`,
  )
}

function hasFailed(task: RunnerTask): boolean {
  return task.result?.state === 'fail' || (task.type === 'suite' && task.tasks.some(hasFailed))
}
