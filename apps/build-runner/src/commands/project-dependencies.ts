import { join } from 'node:path'
import { z } from 'zod'
import { MAX_MANIFEST_BYTES, readText, UnreadableFile } from '../files/read-file.ts'

const Versions = z.record(z.string(), z.string()).catch({})
const Manifest = z.object({ dependencies: Versions, devDependencies: Versions })
const NONE: Dependencies = { dependencies: {}, devDependencies: {} }

/** Versions by the names of packages. */
export type Dependencies = z.infer<typeof Manifest>

/** What package.json in `folder` asks for; nothing where there is none that can be read. */
export async function readDependencies(folder: string): Promise<Dependencies> {
  try {
    const path = join(folder, 'package.json')
    const text = await readText({ path, maxBytes: MAX_MANIFEST_BYTES })
    return Manifest.safeParse(JSON.parse(text ?? '{}')).data ?? NONE
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof UnreadableFile) return NONE
    throw error
  }
}
