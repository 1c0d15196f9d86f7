/** What a line of the host's log is about, in the words of the Workers' logs. */
export interface HostTags {
  /** The host, or the runner whose line this is. */
  source: 'compute-host' | 'build-runner'
  build_uuid?: string
  account_id?: string
}

/** Takes what the host and its runners have to say of themselves: something is not as it should be. */
export type HostLog = (message: string, tags?: HostTags) => void

/** Makes a log safe to print: what would move a cursor, or look like a line of its own, is spelled out. */
export function printableLog(log: HostLog): HostLog {
  return (message, tags) => log(printable(message), tags)
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const short = JSON.stringify(character).slice(1, -1)
    return short === character
      ? `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`
      : short
  })
}

/** Writes lines of JSON as the Workers' logger does, tagged with the release that runs. */
export function jsonLog({
  release,
  environment,
  write,
}: {
  release: string
  environment: string
  write: (line: string) => void
}): HostLog {
  return (message, tags = { source: 'compute-host' }) => {
    const time = new Date().toISOString()
    write(JSON.stringify({ message, level: 'warn', time, tags: { release, environment, ...tags } }))
  }
}
