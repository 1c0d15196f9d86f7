import type { Sql } from '../sql.ts'

/**
 * The settings that a build of a trigger has at the moment of the statement, as BuildSettings: an
 * expression over a trigger `t`, its connection `r` and its build token `k`.
 */
export function settingsOfNow(sql: Sql) {
  return sql`
    jsonb_build_object(
      'build_command', t.build_command,
      'deploy_command', t.deploy_command,
      'root_directory', t.root_directory,
      'clone_depth', t.clone_depth,
      'clone_submodules', t.clone_submodules,
      'clone_repositories', t.clone_repositories,
      'network', t.network,
      'build_token_uuid', k.build_token_uuid,
      'build_token_name', k.build_token_name,
      'repo_name', r.repo_name,
      'provider_account_name', r.provider_account_name,
      'provider_type', r.provider_type,
      'environment_variables', (
        select coalesce(jsonb_object_agg(v.key, jsonb_build_object(
          'is_secret', v.is_secret,
          'created_on', to_char(v.created_on at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'value', v.value)), '{}')
        from environment_variables v where v.trigger_uuid = t.trigger_uuid))`
}
