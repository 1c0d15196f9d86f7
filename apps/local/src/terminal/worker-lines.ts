import { plainText } from './terminal-text.ts'

/** wrangler's own words that ask for attention. */
const ALARMING = /\[ERROR\]|\[wrangler:(?:error|warn)\]|\bUncaught\b/
/** Requests that failed on our side: `[wrangler:info] GET / 500 Internal Server Error (5ms)`. */
const FAILED_REQUEST = /\b(?:GET|POST|PUT|PATCH|DELETE) \S+ 5\d\d\b/
/** `{`: wrangler prints a structured log line in many. */
const BLOCK_START = /^\{/
/** A block longer than this is something else. */
const MAX_BLOCK_LINES = 200

/**
 * Shows a person at the terminal, in one line each, the warnings and errors among the lines that
 * the Workers and the compute host print. All the rest is in the log files.
 */
export function summarizeWorkerLines({ print }: { print: (summary: string) => void }) {
  const show = (summary: string) => print(plainText(summary))
  let block: string[] | undefined
  return (line: string): void => {
    if (block === undefined && BLOCK_START.test(line)) block = []
    if (block === undefined) {
      if (isAlarming(line)) show(line.trim())
      return
    }
    block.push(line)
    if (line.endsWith('}') && !line.startsWith(' ')) {
      const summary = summarizeBlock(block)
      if (summary !== undefined) show(summary)
      block = undefined
    } else if (block.length > MAX_BLOCK_LINES) block = undefined
  }
}

function isAlarming(line: string): boolean {
  return line.startsWith('compute-host: ') || ALARMING.test(line) || FAILED_REQUEST.test(line)
}

/** One line for a structured log line of level `warn` or `error`. */
function summarizeBlock(lines: string[]): string | undefined {
  const block = lines.join('\n')
  const field = (name: string) =>
    new RegExp(`\\b${name}: ['"\`](.*?)['"\`](?:,| \\+|\\s*\\}|$)`, 'm').exec(block)?.[1]
  const level = field('level')
  if (level !== 'warn' && level !== 'error') return undefined
  const text = [field('message'), field('error_message')].filter(Boolean).join(': ')
  const about = [field('source'), field('build_uuid')].filter(Boolean).join(', ')
  return `${level}: ${text} (${about})`
}
