import ipaddr from 'ipaddr.js'

/** `public`: what anybody on the internet may be asked to fetch. `any`: for one machine. */
export type AddressPolicy = 'public' | 'any'

/** Names that only private networks resolve. */
const PRIVATE_SUFFIXES = ['localhost', 'local', 'internal', 'intranet', 'lan', 'home.arpa']

const GLOBAL_UNICAST = /^[23][0-9a-f]{3}:/

/** Why nothing may be sent to `text`, or null when it may. */
export function webhookUrlProblem(text: string, policy: AddressPolicy): string | null {
  const url = URL.parse(text)
  if (url === null) return 'expected a URL'
  if (url.username !== '' || url.password !== '') return 'expected no user and no password in it'
  if (policy === 'any') return /^https?:$/.test(url.protocol) ? null : 'expected http: or https:'
  if (url.protocol !== 'https:') return 'expected https:'
  return isPublicHost(url.hostname) ? null : 'expected an address on the public internet'
}

function isPublicHost(hostname: string): boolean {
  // The URL parser has made one spelling of all those that an IPv4 address can have.
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (ipaddr.isValid(host)) return isPublicAddress(host)
  return (
    host.includes('.') &&
    !PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
  )
}

/**
 * `process` unwraps an IPv4 address that is mapped into IPv6. Of IPv6 only 2000::/3 is assigned: what
 * lies before it holds IPv4 addresses in other spellings, such as `::127.0.0.1`.
 */
function isPublicAddress(host: string): boolean {
  const address = ipaddr.process(host)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || GLOBAL_UNICAST.test(address.toNormalizedString())
}
