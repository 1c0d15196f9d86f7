import { onTestFinished } from 'vitest'
import { createTemporaryFolder } from '../folders/temporary-folder.ts'

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const { path, remove } = await createTemporaryFolder('test')
  onTestFinished(remove)
  return path
}
