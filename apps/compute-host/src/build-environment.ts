/** The environment of a build: what the machine needs to be worked on, and nothing that is ours. */
import { delimiter, dirname } from 'node:path'

/** Variables that a build gets from the host's own environment. */
const ALLOWED = [
  // Who and where the machine is.
  /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ)$/,
  // How it reaches the network.
  /^(?:https?_proxy|all_proxy|no_proxy)$/i,
  // Whom it trusts.
  /^(?:NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_FILE|SSL_CERT_DIR|GIT_SSL_CAINFO)$/,
  /^(?:CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|PIP_CERT)$/,
  // Where packages come from; the address only, never a token.
  /^(?:npm_config_registry|npm_config_cafile|YARN_NPM_REGISTRY_SERVER)$/i,
]

/**
 * The environment for the runner of a build, and through it for the build's commands: the allowed
 * part of `host`, folders of its own, and what the operator adds.
 *
 * Folders of `node_modules` are left out of PATH: they hold the tools that this repository is
 * developed with, and a build must not find those instead of its own.
 */
export function buildEnvironment(options: {
  host: NodeJS.ProcessEnv
  /** What the operator gives all builds. */
  extra: Record<string, string>
  home: string
  temporaryFolder: string
  /** The Node that runs the runner; it comes first on PATH. */
  node: string
}): Record<string, string> {
  const { host, extra, home, temporaryFolder, node } = options
  const allowed = Object.entries(host).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && ALLOWED.some((pattern) => pattern.test(entry[0])),
  )
  const { PATH = '/usr/local/bin:/usr/bin:/bin' } = host
  const folders = PATH.split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return {
    ...Object.fromEntries(allowed),
    ...extra,
    PATH: [dirname(node), ...folders].join(delimiter),
    HOME: home,
    TMPDIR: temporaryFolder,
  }
}
