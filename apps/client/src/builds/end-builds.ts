import { buildManagement } from '../bindings.ts'

/** Cancels builds that are under way; when one cannot be reached, the caller is to ask again. */
export async function endBuilds(env: Env, build_ids: number[]): Promise<void> {
  const management = buildManagement(env)
  await Promise.all(build_ids.map((build_id) => management.cancelBuild({ build_id })))
}
