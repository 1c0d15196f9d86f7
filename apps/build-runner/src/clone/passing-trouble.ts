/** A trouble of the network, or of a server that is overloaded: it may pass by itself. */
export interface PassingTrouble {
  /** The host, with its port where git names one; undefined when git names none. */
  host: string | undefined
  /** In words that no failure of a build has, since the build may go on. */
  reason: string
}

/**
 * The passing trouble that git's output describes; undefined for one that lasts: somebody may not
 * read, or something is not there.
 */
export function passingTrouble(output: string): PassingTrouble | undefined {
  const [, reason] = PASSING.find(([pattern]) => pattern.test(output)) ?? []
  if (reason === undefined || LASTING.test(output)) return undefined
  const status = /The requested URL returned error: (\d{3})/.exec(output)?.[1]
  return { host: hostIn(output), reason: status === undefined ? reason : `it answered ${status}` }
}

const PASSING: [RegExp, string][] = [
  // fatal: unable to access 'https://…/': Could not resolve host: github.com
  [
    /Could not resolve (?:host|proxy)|Temporary failure in name resolution/i,
    'its name has no address',
  ],
  // ssh: connect to host github.com port 22: Connection refused
  [/Connection refused/i, 'it refused the connection'],
  // fatal: unable to access 'https://…/': Failed to connect to github.com port 443 after 2 ms: …
  [/Failed to connect to|Connection timed out|Operation timed out/i, 'it takes no connection'],
  // ssh: connect to host github.com port 22: Network is unreachable
  [/Network is unreachable|No route to host|kex_exchange_identification/i, 'there is no way to it'],
  // fatal: unable to access 'https://…/': The requested URL returned error: 503
  [/The requested URL returned error: (?:408|429|5\d\d)/i, 'it is overloaded'],
  // fatal: unable to access 'https://…/': Empty reply from server
  [
    /Connection reset|Empty reply from server|Recv failure|Send failure|SSL_ERROR_SYSCALL|unexpected eof/i,
    'the connection broke',
  ],
  [
    /GnuTLS recv error|gnutls_handshake\(\) failed|TLS connection was non-properly terminated/i,
    'the connection broke',
  ],
  // error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)
  [
    /RPC failed|early EOF|the remote end hung up unexpectedly|Operation too slow/i,
    'the connection broke',
  ],
  [
    /unexpected disconnect while reading sideband packet|transfer closed with/i,
    'the connection broke',
  ],
]

const LASTING =
  /returned error: 4(?!08|29)\d\d|Authentication failed|not our ref|[Rr]epository .*not found|Permission denied|could not read (?:Username|Password)/

function hostIn(output: string): string | undefined {
  const url = /unable to access '([^']+)'/.exec(output)?.[1]
  if (url !== undefined && URL.canParse(url)) return new URL(url).host
  return /(?:connect to host|resolve host(?:name)?:?|Failed to connect to) ([\w.:-]+\w)/.exec(
    output,
  )?.[1]
}
