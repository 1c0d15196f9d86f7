import type { LogTags } from '@workers-builds/logging'

/** The tags that every line of this Worker's logs carries. */
export function logTags(
  env: Pick<Env, 'GIT_TAG' | 'ENVIRONMENT'>,
  source: string,
): Partial<LogTags> & { source: string } {
  return { source, release: env.GIT_TAG, environment: env.ENVIRONMENT }
}
