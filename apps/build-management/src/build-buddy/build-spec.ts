/** Puts together what a runner is given. Secrets are opened here, and nowhere else. */
import type { BuildSpec, InstanceType } from '@workers-builds/contracts'
import type { CloneAccess } from '@workers-builds/git-providers'
import { parseKeyring } from '@workers-builds/sealing'
import type { BuildToStart } from '@workers-builds/store'
import { runnerToken } from '../callbacks/runner-token.ts'
import { cacheKey } from './cache-key.ts'

type SpecEnv = Pick<Env, 'BUILD_KEYRING' | 'RUNNER_TOKEN_KEYS' | 'PUBLIC_URL'>

/** Throws SealedValueError when a secret does not open. */
export async function buildSpec(
  env: SpecEnv,
  {
    build,
    clone,
    deadline_on,
    heartbeat_seconds,
    instance_type,
  }: {
    build: BuildToStart
    clone: CloneAccess
    deadline_on: number
    heartbeat_seconds: number
    instance_type: InstanceType | null
  },
): Promise<BuildSpec> {
  const { settings } = build
  return {
    v: 1,
    build_uuid: build.build_uuid,
    callback: {
      base_url: env.PUBLIC_URL,
      token: await runnerToken(env.RUNNER_TOKEN_KEYS, build),
    },
    deadline_on,
    heartbeat_seconds,
    repository: {
      clone_url: clone.clone_url,
      branch: build.branch,
      commit_hash: build.commit_hash,
      credentials: clone.credentials,
      depth: settings.clone_depth,
      submodules: settings.clone_submodules,
    },
    worker: { script_name: build.script_name, script_tag: build.script_tag },
    build_command: settings.build_command,
    deploy_command: settings.deploy_command,
    network: settings.network,
    root_directory: settings.root_directory,
    instance_type,
    cache: build.build_caching_enabled ? { key: cacheKey(build) } : null,
    environment_variables: await openVariables(env, build),
  }
}

async function openVariables(
  env: SpecEnv,
  build: BuildToStart,
): Promise<BuildSpec['environment_variables']> {
  const keyring = parseKeyring(env.BUILD_KEYRING)
  const variables: BuildSpec['environment_variables'] = {
    CLOUDFLARE_ACCOUNT_ID: { value: build.account_id, is_secret: false },
  }
  if (build.build_token_secret_sealed !== null) {
    const place = {
      table: 'build_tokens',
      row: build.build_token_uuid,
      column: 'build_token_secret_sealed',
    }
    const value = await keyring.open(build.build_token_secret_sealed, place)
    variables['CLOUDFLARE_API_TOKEN'] = { value, is_secret: true }
  }
  for (const [key, variable] of Object.entries(build.settings.environment_variables)) {
    const sealed = build.secrets[key]
    if (!variable.is_secret) {
      variables[key] = { value: variable.value ?? '', is_secret: false }
    } else if (sealed !== undefined) {
      const row = `${build.trigger_uuid}|${key}`
      const place = { table: 'environment_variables', row, column: 'value_sealed' }
      variables[key] = { value: await keyring.open(sealed, place), is_secret: true }
    }
  }
  return variables
}
