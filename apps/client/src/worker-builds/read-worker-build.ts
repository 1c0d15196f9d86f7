import {
  BuildsError,
  Repository,
  type WorkerBuild,
  WorkerBuildSettings,
} from '@workers-builds/contracts'
import type { Store, TriggerRow } from '@workers-builds/store'
import { splitTriggers } from '../triggers/production.ts'

type Worker = { account_id: string; script_tag: string }

/** A Worker's triggers, by their purpose. */
export type WorkerTriggers = { production: TriggerRow; previews: TriggerRow | undefined }

/** How the Worker's branches are built; 12040 when no trigger deploys it to production. */
export async function selectWorkerTriggers(
  store: Pick<Store, 'triggers'>,
  worker: Worker,
): Promise<WorkerTriggers> {
  const triggers = splitTriggers(await store.triggers.selectByWorker(worker))
  const [production] = triggers.production
  if (production === undefined) throw noBuildConfiguration(worker)
  return { production, previews: triggers.others[0] }
}

export function noBuildConfiguration({ script_tag }: { script_tag: string }): BuildsError {
  return new BuildsError(
    'no_build_configuration',
    `No build configuration for ${script_tag}: no trigger of it builds a production branch`,
  )
}

/** How a Worker is built, as the API shows it. */
export async function readWorkerBuild(
  store: Pick<Store, 'triggers' | 'environmentVariables'>,
  worker: Worker,
): Promise<WorkerBuild> {
  const { production, previews } = await selectWorkerTriggers(store, worker)
  const { repo_connection } = production
  return {
    script_tag: worker.script_tag,
    git_repository: {
      ...Repository.parse(repo_connection),
      repo_connection_uuid: repo_connection.repo_connection_uuid,
      branch: production.branch_includes[0] ?? '',
      grant_id: null,
    },
    production_settings: await settingsOf(store, production),
    previews_enabled: previews?.builds_enabled ?? false,
    ...(previews && { previews_base_config: await settingsOf(store, previews) }),
  }
}

async function settingsOf(
  store: Pick<Store, 'environmentVariables'>,
  trigger: TriggerRow,
): Promise<WorkerBuildSettings> {
  const environment_variables = await store.environmentVariables.selectByTrigger(
    trigger.trigger_uuid,
  )
  return WorkerBuildSettings.parse({ ...trigger, environment_variables })
}
