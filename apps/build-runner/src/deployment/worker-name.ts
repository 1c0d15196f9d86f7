/**
 * Whose build it is, as wrangler is to know it: the Wrangler configuration may name any Worker of the
 * account, and without this a build of one Worker would deploy over another.
 */
import type { BuildSpec } from '@workers-builds/contracts'
import { z } from 'zod'
import type { BuildContext } from '../build-context.ts'
import { readWranglerEntries } from './read-deployment.ts'

/** Wrangler takes this name in place of the configuration's, and warns of it. */
const OVERRIDE_NAME = 'WRANGLER_CI_OVERRIDE_NAME'
/** Wrangler deploys to no Worker with another tag. */
const MATCH_TAG = 'WRANGLER_CI_MATCH_TAG'

/** The entries of wrangler's that name a Worker. */
const Named = z.object({
  type: z.enum(['deploy', 'version-upload']),
  worker_name: z.string(),
  /** Left out by wranglers that cannot override it. */
  worker_name_overridden: z.boolean().default(false),
})

/**
 * The variables that send wrangler to the connected Worker. If the user has a variable of either
 * name, theirs alone count: one of ours beside one of theirs might contradict it.
 */
export function workerVariables({
  worker,
  environment_variables,
}: Pick<BuildSpec, 'worker' | 'environment_variables'>): Record<string, string> {
  if (worker === null) return {}
  if (OVERRIDE_NAME in environment_variables || MATCH_TAG in environment_variables) return {}
  return { [OVERRIDE_NAME]: worker.script_name, [MATCH_TAG]: worker.script_tag }
}

/** Whether it is a variable of the user's that switches one of these off: wrangler would use ''. */
export function isSwitchedOff([name, value]: [string, string]): boolean {
  return value === '' && (name === OVERRIDE_NAME || name === MATCH_TAG)
}

/** Logs which names wrangler used besides the configuration's, or the connected Worker's, own. */
export async function logWorkerNames({
  spec: { worker },
  folders,
  log,
}: Pick<BuildContext, 'spec' | 'folders' | 'log'>): Promise<void> {
  if (worker === null) return
  const entries = await readWranglerEntries(folders)
  const named = entries.flatMap((entry) => Named.safeParse(entry).data ?? [])
  const { script_name } = worker
  const others = named.map(({ worker_name }) => worker_name).filter((name) => name !== script_name)
  for (const name of new Set(others)) {
    log.warn`Warning: wrangler used the Worker name "${name}", and this build is of "${script_name}".`
  }
  if (named.some((entry) => entry.worker_name === script_name && entry.worker_name_overridden)) {
    log.warn`Warning: the Wrangler configuration names another Worker; wrangler used "${script_name}", whose build this is. Correct \`name\` in the configuration.`
  }
}
