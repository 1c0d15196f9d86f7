import type { BuildSpec } from '@workers-builds/contracts'

export interface Credentials {
  username: string
  password: string
}

/** Where to clone from, without any credentials in the address, and the credentials themselves. */
export interface CloneSource {
  url: string
  credentials: Credentials | null
}

/** Takes credentials out of an address that carries them: it ends up in `.git/config`. */
export function cloneSource({ clone_url, credentials }: BuildSpec['repository']): CloneSource {
  if (!/^https?:/i.test(clone_url) || !URL.canParse(clone_url))
    return { url: clone_url, credentials }
  const url = new URL(clone_url)
  const inUrl =
    url.password === ''
      ? null
      : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  url.username = ''
  url.password = ''
  return { url: url.href, credentials: credentials ?? inUrl }
}

/** Everything by which the credentials could be recognised in a log. */
export function credentialSecrets(credentials: Credentials | null): string[] {
  return credentials === null
    ? []
    : [credentials.password, `${credentials.username}:${credentials.password}`]
}
