import type { ResealedSecrets } from '@workers-builds/contracts'
import { parseKeyring, resealSome } from '@workers-builds/sealing'
import { openStore, SEALED_COLUMNS } from '@workers-builds/store'

const COLUMNS = SEALED_COLUMNS.filter(({ keyring }) => keyring === 'build')

/** Seals some of the stored build secrets again, with the newest key of BUILD_KEYRING. */
export async function resealBuildSecrets(
  env: Pick<Env, 'BUILD_KEYRING' | 'HYPERDRIVE'>,
  { limit }: { limit: number },
): Promise<ResealedSecrets> {
  const keyring = parseKeyring(env.BUILD_KEYRING)
  const store = openStore(env.HYPERDRIVE.connectionString, { max: 1 })
  try {
    const resealed = await resealSome(COLUMNS, { keyring, store: store.sealedValues, limit })
    return { newest_key_id: keyring.newestKeyId, ...resealed }
  } finally {
    await store.end()
  }
}
