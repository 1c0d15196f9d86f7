export type TimeStyle = 'off' | 'relative' | 'absolute'
export const TIME_STYLES: TimeStyle[] = ['relative', 'absolute', 'off']

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** When a line was written, from the log's first line or by the viewer's clock. */
export function formatLineTime(ms: number, style: TimeStyle, first: number): string {
  if (style === 'absolute') return clock.format(ms)
  const s = Math.max(0, ms - first) / 1_000
  return `${Math.floor(s / 60)}:${(s % 60).toFixed(1).padStart(4, '0')}`
}
