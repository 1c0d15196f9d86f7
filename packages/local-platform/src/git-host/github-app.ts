import { generateKeyPairSync } from 'node:crypto'

/** A GitHub App as one has registered it: what GitHub keeps of it, and what it keeps itself. */
export type LocalGitHubApp = { app_id: string; public_key: string; private_key: string }

/** The Git host has one installation of it, on every repository. */
export const LOCAL_INSTALLATION_ID = '1'

/** The App of one run of the stack; nothing that it gave out outlives the run. */
export function createGitHubApp(): LocalGitHubApp {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    app_id: '1',
    public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    // GitHub hands out PKCS#1. A secret is one line.
    private_key: privateKey
      .export({ type: 'pkcs1', format: 'pem' })
      .toString()
      .trim()
      .replaceAll('\n', '\\n'),
  }
}
