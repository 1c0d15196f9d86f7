/**
 * Whether what git printed tells of a trouble that may pass by itself: of the network, or of a
 * server that is overloaded. Somebody who may not read, and something that is not there, stay so.
 */
export function mayPass(output: string): boolean {
  return PASSING.test(output) && !LASTING.test(output)
}

const PASSING = new RegExp(
  [
    // fatal: unable to access 'https://…/': Could not resolve host: github.com
    'Could not resolve (?:host|proxy)|Temporary failure in name resolution',
    // fatal: unable to access 'https://…/': Failed to connect to github.com port 443 after 2 ms: …
    'Failed to connect to|Connection (?:refused|reset|timed out)|Operation timed out',
    // fatal: unable to access 'https://…/': Empty reply from server
    'Empty reply from server|Recv failure|Send failure|SSL_ERROR_SYSCALL|unexpected eof',
    'GnuTLS recv error|gnutls_handshake\\(\\) failed|TLS connection was non-properly terminated',
    // fatal: unable to access 'https://…/': The requested URL returned error: 503
    'The requested URL returned error: (?:408|429|5\\d\\d)',
    // error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)
    'RPC failed|early EOF|the remote end hung up unexpectedly|Operation too slow',
    'unexpected disconnect while reading sideband packet|transfer closed with',
    // ssh: connect to host github.com port 22: Network is unreachable
    'Network is unreachable|No route to host|kex_exchange_identification',
  ].join('|'),
  'i',
)

const LASTING =
  /returned error: 4(?!08|29)\d\d|Authentication failed|not our ref|[Rr]epository .*not found|Permission denied|could not read (?:Username|Password)/
