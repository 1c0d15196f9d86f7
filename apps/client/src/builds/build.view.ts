import type { Build } from '@workers-builds/contracts'
import type { BuildRow } from '@workers-builds/store'
import { isoOrNull, withIsoDates } from '../api/iso-dates.ts'

/** A build as the API shows it. */
export function buildView(row: BuildRow): Build {
  return {
    build_uuid: row.build_uuid,
    status: row.status,
    build_outcome: row.build_outcome,
    failure_reason: row.failure_reason,
    skip_reason: row.skip_reason,
    created_on: row.created_on.toISOString(),
    modified_on: row.modified_on.toISOString(),
    initializing_on: isoOrNull(row.initializing_on),
    running_on: isoOrNull(row.running_on),
    stopped_on: isoOrNull(row.stopped_on),
    trigger: {
      ...withIsoDates(row.trigger),
      external_script_id: row.script_tag,
      repo_connection: withIsoDates(row.repo_connection),
    },
    build_trigger_metadata: {
      ...row.settings,
      build_trigger_source: row.build_trigger_source,
      branch: row.branch,
      commit_hash: row.commit_hash,
      commit_message: row.commit_message,
      author: row.author,
    },
    version_id: row.version_id,
    warnings: row.warnings,
    usage: row.usage,
    pull_request: null,
    deploy_hook: row.deploy_hook_name === null ? null : { deploy_hook_name: row.deploy_hook_name },
    ...(row.preview_url !== null && { preview_url: row.preview_url }),
  }
}
