import { delimiter, join } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { isFile } from '../files/read-file.ts'

/** Where on PATH the machine has a program; undefined when it has none. */
export async function findProgram(
  { baseEnvironment }: Pick<BuildContext, 'baseEnvironment'>,
  name: string,
): Promise<string | undefined> {
  for (const folder of (baseEnvironment['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name)
    if (folder !== '' && (await isFile(path))) return path
  }
  return undefined
}
