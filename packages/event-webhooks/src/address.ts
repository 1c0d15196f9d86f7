import ipaddr from 'ipaddr.js'

/** `public`: what anybody on the internet may be asked to fetch. `any`: for one machine. */
export type AddressPolicy = 'public' | 'any'

/** Names that only private networks resolve. */
const PRIVATE_SUFFIXES = ['localhost', 'local', 'internal', 'intranet', 'lan', 'home.arpa']

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

/** `process` unwraps an IPv4 address that is mapped into IPv6. */
function isPublicAddress(host: string): boolean {
  return ipaddr.process(host).range() === 'unicast'
}
