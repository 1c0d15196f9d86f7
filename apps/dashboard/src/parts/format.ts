const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

export function formatExact(iso: string): string {
  return exact.format(new Date(iso))
}

export function formatAgo(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1_000
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return ago.format(Math.round(seconds / size), unit)
}

/** `850 ms`, `12.3 s`, `4 min 5 s` */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const s = Math.round(ms / 1_000)
  return `${Math.floor(s / 60)} min ${s % 60} s`
}

export const shortHash = (hash: string) => hash.slice(0, 8)
