import { isAbsolute, join } from 'node:path'
import type { CloneSource } from './git-credentials.ts'

/** The helper that git asks: it reads two variables of its environment, and writes nothing down. */
const CREDENTIAL_HELPER = `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$BUILD_GIT_USERNAME" "$BUILD_GIT_PASSWORD"; }; f`

/**
 * How git is set up while it clones: a configuration file, which holds nothing secret, and the
 * environment, which holds the credentials and ends with the clone.
 */
export function gitSetup(
  { url, credentials }: CloneSource,
  runnerFolder: string,
): { configPath: string; config: string; environment: Record<string, string> } {
  const configPath = join(runnerFolder, 'gitconfig')
  return {
    configPath,
    config: gitConfig({ url, credentials }),
    environment: {
      GIT_CONFIG_GLOBAL: configPath,
      GIT_TERMINAL_PROMPT: '0',
      GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
      // A connection that stands still is given up, and made anew.
      GIT_HTTP_LOW_SPEED_LIMIT: '100',
      GIT_HTTP_LOW_SPEED_TIME: '60',
      ...(credentials && {
        BUILD_GIT_USERNAME: credentials.username,
        BUILD_GIT_PASSWORD: credentials.password,
      }),
    },
  }
}

function gitConfig({ url, credentials }: CloneSource): string {
  const sections = ['[advice]\n\tdetachedHead = false']
  if (isLocal(url)) {
    // A repository on this machine belongs to another user, and so may its submodules.
    sections.push('[safe]\n\tdirectory = *', '[protocol "file"]\n\tallow = always')
  }
  if (/^https?:/i.test(url) && URL.canParse(url)) {
    const { origin, hostname } = new URL(url)
    sections.push(httpsForSsh({ origin, hostname }))
    if (credentials !== null) {
      // Only this host is given the credentials: submodules may live elsewhere.
      sections.push(`[credential "${origin}"]\n\thelper = ${quote(CREDENTIAL_HELPER)}`)
    }
  }
  return `${sections.join('\n')}\n`
}

/** A build has no SSH keys: submodules with an SSH address on the connected host come over HTTPS. */
function httpsForSsh({ origin, hostname }: { origin: string; hostname: string }): string {
  const prefixes = [
    `git@${hostname}:`,
    ...['ssh', 'git+ssh', 'ssh+git'].flatMap((scheme) =>
      [hostname, `${hostname}:22`].map((host) => `${scheme}://git@${host}/`),
    ),
  ]
  const lines = prefixes.map((prefix) => `\tinsteadOf = ${quote(prefix)}`)
  return [`[url ${quote(`${origin}/`)}]`, ...lines].join('\n')
}

function isLocal(url: string): boolean {
  return isAbsolute(url) || url.startsWith('file:')
}

function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
