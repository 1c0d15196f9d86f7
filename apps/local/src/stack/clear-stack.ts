import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removePostgres } from '@workers-builds/local-platform/postgres'

/** Kept: what shows why something failed, and what the next run needs in order to clean up. */
const KEPT = ['logs', 'processes.json']

/** Forgets all that the stack in `dir`, which must not be running, has remembered. */
export async function clearStack({ dir }: { dir: string }): Promise<void> {
  if (!existsSync(dir)) return
  await removePostgres({ dir: join(dir, 'postgres') })
  for (const name of await readdir(dir)) {
    if (!KEPT.includes(name)) await rm(join(dir, name), { recursive: true, force: true })
  }
}
