import { useEffect, useState } from 'react'
import { formatAgo, formatExact } from './format.ts'

/** How long ago it was, in the viewer's words; the exact time on hover. */
export function Ago({ iso }: { iso: string }) {
  const now = useNow(10_000)
  return (
    <time dateTime={iso} title={formatExact(iso)}>
      {formatAgo(iso, now)}
    </time>
  )
}

/** The time, again every `ms`. */
export function useNow(ms: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ms)
    return () => clearInterval(timer)
  }, [ms])
  return now
}
