/**
 * The token with which a GitHub App says who it is. GitHub takes one that lives ten minutes at
 * most, so this one begins a minute ago, for a clock of ours that is ahead, and ends in nine.
 */
import { createPrivateKey } from 'node:crypto'
import { BuildsError } from '@workers-builds/contracts'
import { importPKCS8, SignJWT } from 'jose'

const EARLY_SECONDS = 60
const LIFE_SECONDS = 540

export type GitHubApp = {
  app_id: string
  /** PEM, as GitHub hands it out (PKCS#1) or as PKCS#8. */
  private_key: string
}

/** Throws `repo_disconnected` when the key is no RSA key. */
export async function signAppJwt({ app_id, private_key }: GitHubApp, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1_000)
  return await new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(app_id)
    .setIssuedAt(seconds - EARLY_SECONDS)
    .setExpirationTime(seconds + LIFE_SECONDS)
    .sign(await importKey(private_key))
}

/** WebCrypto takes PKCS#8 only; node:crypto reads either and writes that. */
async function importKey(pem: string) {
  try {
    // In one line of a secret, the line breaks of a PEM are often written as \n.
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'))
    return await importPKCS8(key.export({ type: 'pkcs8', format: 'pem' }).toString(), 'RS256')
  } catch (cause) {
    throw new BuildsError(
      'repo_disconnected',
      'The private key of the GitHub App cannot be read: it must be the PEM file that GitHub gave.',
      { cause },
    )
  }
}
