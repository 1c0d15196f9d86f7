import { z } from 'zod'

/** A line of the Workers' structured log. */
const LogLine = z.looseObject({
  level: z.string(),
  message: z.unknown(),
  tags: z.record(z.string(), z.unknown()).optional(),
})

/** wrangler's own words that ask for attention. */
const ALARMING = /\[ERROR\]|\[wrangler:(?:error|warn)\]|\bUncaught\b/
/** Requests that failed on our side. */
const FAILED_REQUEST = /\b(?:GET|POST|PUT|PATCH|DELETE) \S+ 5\d\d\b/

/**
 * What a person at the terminal should see of a line that a Worker or the compute host printed: a
 * warning or an error in one line. Undefined for the rest, which is in the log files.
 */
export function summarizeWorkerLine(line: string): string | undefined {
  if (line.startsWith('{')) return summarizeLogLine(line)
  if (line.startsWith('compute-host: ')) return line
  return ALARMING.test(line) || FAILED_REQUEST.test(line) ? line.trim() : undefined
}

function summarizeLogLine(line: string): string | undefined {
  const { level, message, tags } = LogLine.safeParse(parseJson(line)).data ?? {}
  if (level !== 'error' && level !== 'warn') return undefined
  const about = ['source', 'build_uuid'].map((tag) => tags?.[tag]).filter(Boolean)
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  return `${level}: ${text} (${about.join(', ')})`
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // merely looked like JSON
  }
}
