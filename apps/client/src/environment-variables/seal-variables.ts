import type { UpdateEnvironmentVariables } from '@workers-builds/contracts'
import { buildManagement } from '../bindings.ts'

/** The secrets among `change`, sealed by build-management, which has the keys. */
export async function sealVariables(
  env: Env,
  { trigger_uuid, change }: { trigger_uuid: string; change: UpdateEnvironmentVariables },
): Promise<Map<string, string>> {
  const secrets = Object.entries(change).flatMap(([key, variable]) =>
    variable?.is_secret && variable.value !== null ? [{ key, plaintext: variable.value }] : [],
  )
  if (secrets.length === 0) return new Map()
  const sealed = await buildManagement(env).sealBuildSecrets(
    secrets.map(({ key, plaintext }) => ({
      plaintext,
      place: {
        table: 'environment_variables',
        row: `${trigger_uuid}|${key}`,
        column: 'value_sealed',
      },
    })),
  )
  return new Map(secrets.map(({ key }, i) => [key, sealed[i] ?? '']))
}
