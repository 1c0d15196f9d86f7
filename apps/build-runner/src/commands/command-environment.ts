import { delimiter } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { deploymentFile } from '../deployment/read-deployment.ts'
import { isSwitchedOff, workerVariables } from '../deployment/worker-name.ts'

/** The variable that marks every process of a build, by which they are found and ended. */
export const BUILD_MARKER = 'WORKERS_CI_BUILD_UUID'

/**
 * The environment of the user's commands. The build's own variables may replace what Workers Builds
 * sets, except for the build's uuid: it marks the build's processes.
 */
export function commandEnvironment(
  { spec, folders, baseEnvironment }: Pick<BuildContext, 'spec' | 'folders' | 'baseEnvironment'>,
  toolFolders: string[],
): Record<string, string> {
  return {
    ...toolEnvironment({ spec, folders, baseEnvironment }, toolFolders),
    CI: 'true',
    WORKERS_CI: '1',
    WORKERS_CI_COMMIT_SHA: spec.repository.commit_hash,
    WORKERS_CI_BRANCH: spec.repository.branch,
    WRANGLER_OUTPUT_FILE_PATH: deploymentFile(folders),
    ...workerVariables(spec),
    ...Object.fromEntries(
      Object.entries(spec.environment_variables)
        .map(([name, { value }]): [string, string] => [name, value])
        .filter((variable) => !isSwitchedOff(variable)),
    ),
    [BUILD_MARKER]: spec.build_uuid,
  }
}

/** The environment of our own commands: nothing of the user's in it. */
export function toolEnvironment(
  { spec, folders, baseEnvironment }: Pick<BuildContext, 'spec' | 'folders' | 'baseEnvironment'>,
  toolFolders: string[] = [],
): Record<string, string> {
  const { PATH = '/usr/local/bin:/usr/bin:/bin' } = baseEnvironment
  return {
    ...baseEnvironment,
    HOME: folders.home,
    PATH: [...toolFolders, PATH].join(delimiter),
    [BUILD_MARKER]: spec.build_uuid,
  }
}
