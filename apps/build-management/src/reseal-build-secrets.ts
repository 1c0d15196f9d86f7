import type { ResealedSecrets } from '@workers-builds/contracts'
import { parseKeyring, resealSome } from '@workers-builds/sealing'
import { SEALED_COLUMNS } from '@workers-builds/store'
import { withStore } from './with-store.ts'

const COLUMNS = SEALED_COLUMNS.filter(({ keyring }) => keyring === 'build')

/** Seals some of the stored build secrets again, with the newest key of BUILD_KEYRING. */
export async function resealBuildSecrets(
  env: Pick<Env, 'BUILD_KEYRING' | 'HYPERDRIVE'>,
  { limit }: { limit: number },
): Promise<ResealedSecrets> {
  const keyring = parseKeyring(env.BUILD_KEYRING)
  const resealed = await withStore(env, (store) =>
    resealSome(COLUMNS, { keyring, store: store.sealedValues, limit }),
  )
  return { newest_key_id: keyring.newestKeyId, ...resealed }
}
