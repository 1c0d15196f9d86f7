import { existsSync } from 'node:fs'
import { realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Deletes the server in `dir`, which must not be running, with its data wherever these live. */
export async function removePostgres({ dir }: { dir: string }): Promise<void> {
  const data = join(dir, 'data')
  if (existsSync(data)) await rm(dirname(await realpath(data)), { recursive: true, force: true })
  await rm(dir, { recursive: true, force: true })
}
