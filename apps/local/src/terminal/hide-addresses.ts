/** Addresses that work without a token: of a deploy hook, and of a live log with its ticket. */
const SECRET_PARTS = /(\/deploy_hooks\/|[?&]ticket=)[^\s/?&#"'`]+/g

/** `line` without what is secret in the addresses of requests, so that no log file holds it. */
export function hideAddresses(line: string): string {
  return line.replaceAll(SECRET_PARTS, '$1***')
}
