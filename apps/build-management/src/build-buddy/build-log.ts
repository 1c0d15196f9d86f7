/**
 * The log of one build in its BuildBuddy's SQLite. Lines are numbered from 0; a row holds a run of
 * them, as JSON while the build writes, and gzipped in larger runs once the log is sealed. What a
 * reader sees does not depend on which.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  type LogCursor,
  LogLine,
  type LogPage,
  MAX_PAGE_LINES,
  type Step,
} from '@workers-builds/contracts'
import { z } from 'zod'

/** Values of a row may have 2 MB; text that gzip cannot shrink stays about as it is. */
const MAX_CHUNK_BYTES = 1_000_000

const Lines = z.array(LogLine)

type LogRow = { first_line: number; line_count: number; content: ArrayBuffer }

/** What a flush came to: stored, or refused because lines before it are missing. */
export type FlushResult = { stored: boolean; next_runner_line: number }

export class BuildLog {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** Makes room for a log; repeated, it changes nothing. */
  create(): void {
    this.#storage.sql.exec(`
      create table if not exists log_rows (
        first_line integer primary key,
        line_count integer not null,
        content blob not null
      );
      create table if not exists log_state (
        one integer primary key check (one = 1),
        next_line integer not null,
        next_runner_line integer not null,
        last_timestamp integer not null
      );
      insert or ignore into log_state values (1, 0, 0, 0);
    `)
  }

  /** How many of the runner's lines are stored. */
  get runnerLines(): number {
    return this.#state().next_runner_line
  }

  /**
   * Stores the lines of a flush that are not stored yet. A flush that begins after the next
   * expected line is not stored at all.
   */
  addRunnerLines(first_line: number, lines: LogLine[]): FlushResult {
    return this.#storage.transactionSync(() => {
      const { next_runner_line } = this.#state()
      if (first_line > next_runner_line) return { stored: false, next_runner_line }
      const fresh = lines.slice(next_runner_line - first_line)
      if (fresh.length === 0) return { stored: true, next_runner_line }
      this.#append(fresh)
      const next = next_runner_line + fresh.length
      this.#storage.sql.exec('update log_state set next_runner_line = ?', next)
      return { stored: true, next_runner_line: next }
    })
  }

  /** Adds a line of the control plane's own. */
  addLine(timestamp: number, step: Step, message: string): void {
    this.#storage.transactionSync(() => this.#append([[timestamp, step, message]]))
  }

  /** The lines from `cursor` on, at most a page of them. */
  read({ cursor, sealed }: { cursor?: LogCursor | undefined; sealed: boolean }): LogPage {
    const from = cursor?.line ?? 0
    const lines: LogLine[] = []
    for (const row of this.#rows(from)) {
      lines.push(...unpack(row).slice(Math.max(0, from - row.first_line)))
      if (lines.length >= MAX_PAGE_LINES) break
    }
    const page = lines.slice(0, MAX_PAGE_LINES)
    const next = from + page.length
    const complete = sealed && next >= this.#state().next_line
    return complete ? { lines: page, complete } : { lines: page, cursor: { line: next }, complete }
  }

  /** Replaces the rows of a finished log by few gzipped ones, all at once. */
  compact(): void {
    this.#storage.transactionSync(() => {
      const chunks = [...chunksOf(this.#allLines())]
      this.#storage.sql.exec('delete from log_rows')
      for (const chunk of chunks) this.#insert(chunk.first_line, chunk.lines)
    })
  }

  #append(lines: LogLine[]): void {
    const { next_line, last_timestamp } = this.#state()
    let latest = last_timestamp
    const ordered = lines.map(([timestamp, step, message]): LogLine => {
      latest = Math.max(latest, timestamp)
      return [latest, step, message]
    })
    let first_line = next_line
    for (const chunk of chunksOf(ordered)) {
      this.#insert(first_line, chunk.lines, false)
      first_line += chunk.lines.length
    }
    this.#storage.sql.exec(
      'update log_state set next_line = ?, last_timestamp = ?',
      first_line,
      latest,
    )
  }

  #insert(first_line: number, lines: LogLine[], compress = true): void {
    const json = Buffer.from(JSON.stringify(lines))
    const content = compress ? gzipSync(json) : json
    this.#storage.sql.exec(
      'insert into log_rows (first_line, line_count, content) values (?, ?, ?)',
      first_line,
      lines.length,
      content,
    )
  }

  #rows(from: number): Iterable<LogRow> {
    return this.#storage.sql.exec<LogRow>(
      `select first_line, line_count, content from log_rows
       where first_line >= coalesce((select max(first_line) from log_rows where first_line <= ?), 0)
       order by first_line`,
      from,
    )
  }

  *#allLines(): Iterable<LogLine> {
    for (const row of this.#rows(0)) yield* unpack(row)
  }

  #state() {
    return this.#storage.sql
      .exec<{ next_line: number; next_runner_line: number; last_timestamp: number }>(
        'select next_line, next_runner_line, last_timestamp from log_state',
      )
      .one()
  }
}

const GZIP_MAGIC = 0x1f

function unpack({ content }: LogRow): LogLine[] {
  const bytes = Buffer.from(content)
  const json = bytes[0] === GZIP_MAGIC ? gunzipSync(bytes) : bytes
  return Lines.parse(JSON.parse(json.toString()))
}

/** Runs of lines whose JSON stays within a chunk, with the number of each run's first line. */
function* chunksOf(lines: Iterable<LogLine>): Iterable<{ first_line: number; lines: LogLine[] }> {
  let chunk: LogLine[] = []
  let bytes = 0
  let first_line = 0
  for (const line of lines) {
    const size = Buffer.byteLength(JSON.stringify(line)) + 1
    if (chunk.length > 0 && bytes + size > MAX_CHUNK_BYTES) {
      yield { first_line, lines: chunk }
      first_line += chunk.length
      chunk = []
      bytes = 0
    }
    chunk.push(line)
    bytes += size
  }
  if (chunk.length > 0) yield { first_line, lines: chunk }
}
