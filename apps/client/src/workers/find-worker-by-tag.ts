import { BuildsError } from '@workers-builds/contracts'
import type { Store } from '@workers-builds/store'

type Tagged = { account_id: string; script_tag: string }

/** The Worker that the path names, deleted or not: its builds are shown until they are erased. */
export async function findWorkerByTag<Worker extends Tagged>(
  store: Pick<Store, 'workers'>,
  worker: Worker,
): Promise<Worker> {
  if (await store.workers.exists(worker)) return worker
  throw new BuildsError('no_build_configuration', `No build configuration for ${worker.script_tag}`)
}
