import type { WorkerScript } from '@workers-builds/contracts'
import type { WorkerRow } from '@workers-builds/store'

/** A Worker as the Workers API shows a script. */
export function workerScriptView(row: WorkerRow): WorkerScript {
  return {
    id: row.script_name,
    tag: row.script_tag,
    created_on: row.created_on.toISOString(),
    modified_on: row.modified_on.toISOString(),
  }
}
