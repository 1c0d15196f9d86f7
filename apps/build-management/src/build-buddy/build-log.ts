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

/** A log that is longer keeps its beginning, and its end, where the error is. */
const KEPT = { head_bytes: 12 * 1024 * 1024, tail_bytes: 4 * 1024 * 1024 }

const Lines = z.array(LogLine)

type LogRow = { first_line: number; line_count: number; content: ArrayBuffer }

type LogState = {
  next_line: number
  next_runner_line: number
  last_timestamp: number
  head_bytes: number
  /** Where the tail begins, once the head is full. */
  tail_line: number | null
  tail_bytes: number
}

const SCHEMA_VERSION = 'log_schema_version'

/** Applied in order, each once to each build's log; a release adds to them and changes none. */
const MIGRATIONS = [
  // "if not exists" because logs were written before versions were counted.
  `create table if not exists log_rows (
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
   insert or ignore into log_state values (1, 0, 0, 0);`,
  `alter table log_state add column head_bytes integer not null default 0;
   alter table log_state add column tail_line integer;
   alter table log_state add column tail_bytes integer not null default 0;`,
]

/** What a flush came to: stored, or refused because lines before it are missing. */
export type FlushResult = { stored: boolean; next_runner_line: number }

export class BuildLog {
  readonly #storage: DurableObjectStorage
  readonly #kept: typeof KEPT

  constructor(storage: DurableObjectStorage, kept = KEPT) {
    this.#storage = storage
    this.#kept = kept
  }

  /** Makes room for a log, or brings one that an earlier release wrote up to this one's form. */
  #open(): void {
    const { kv, sql } = this.#storage
    const done = kv.get<number>(SCHEMA_VERSION) ?? 0
    if (done === MIGRATIONS.length) return
    this.#storage.transactionSync(() => {
      for (const migration of MIGRATIONS.slice(done)) sql.exec(migration)
      kv.put(SCHEMA_VERSION, MIGRATIONS.length)
    })
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

  /**
   * The lines from `cursor` on, at most a page of them. Where lines were left out, one line says so
   * in their place.
   */
  read({ cursor, sealed }: { cursor?: LogCursor | undefined; sealed: boolean }): LogPage {
    const { next_line } = this.#state()
    const lines: LogLine[] = []
    let next = cursor?.line ?? 0
    for (const row of this.#rows(next)) {
      const stored = unpack(row).slice(Math.max(0, next - row.first_line))
      const [first] = stored
      if (first === undefined) continue
      const leftOut = row.first_line - next
      if (leftOut > 0) {
        lines.push([first[0], first[1], `… ${leftOut} lines were left out here …`])
        next = row.first_line
      }
      const fitting = stored.slice(0, MAX_PAGE_LINES - lines.length)
      lines.push(...fitting)
      next += fitting.length
      if (lines.length >= MAX_PAGE_LINES) break
    }
    const complete = sealed && next >= next_line
    return complete ? { lines, complete } : { lines, cursor: { line: next }, complete }
  }

  /** Replaces the rows of a finished log by few gzipped ones, all at once. */
  compact(): void {
    this.#storage.transactionSync(() => {
      const { tail_line } = this.#state()
      const parts = [{ from: 0, to: tail_line ?? Number.MAX_SAFE_INTEGER }]
      if (tail_line !== null) parts.push({ from: tail_line, to: Number.MAX_SAFE_INTEGER })
      for (const { from, to } of parts) {
        const rows = [...this.#rows(from)].filter(
          (row) => row.first_line >= from && row.first_line < to,
        )
        this.#storage.sql.exec(
          'delete from log_rows where first_line >= ? and first_line < ?',
          from,
          to,
        )
        let first_line = rows[0]?.first_line ?? 0
        for (const chunk of chunksOf(rows.flatMap(unpack))) {
          this.#insert(first_line, chunk.length, gzipSync(chunk.json))
          first_line += chunk.length
        }
      }
    })
  }

  #append(lines: LogLine[]): void {
    const state = this.#state()
    const ordered = lines.map(([timestamp, step, message]): LogLine => {
      state.last_timestamp = Math.max(state.last_timestamp, timestamp)
      return [state.last_timestamp, step, message]
    })
    for (const { json, length } of chunksOf(ordered)) {
      this.#insert(state.next_line, length, json)
      if (state.tail_line === null && state.head_bytes + json.length > this.#kept.head_bytes) {
        state.tail_line = state.next_line
      }
      if (state.tail_line === null) state.head_bytes += json.length
      else state.tail_bytes += json.length
      state.next_line += length
    }
    this.#trimTail(state)
    this.#storage.sql.exec(
      `update log_state
       set next_line = ?, last_timestamp = ?, head_bytes = ?, tail_line = ?, tail_bytes = ?`,
      state.next_line,
      state.last_timestamp,
      state.head_bytes,
      state.tail_line,
      state.tail_bytes,
    )
  }

  /** Drops the oldest rows of the tail while it is too long. */
  #trimTail(state: LogState): void {
    if (state.tail_line === null || state.tail_bytes <= this.#kept.tail_bytes) return
    const rows = this.#storage.sql
      .exec<{ first_line: number; line_count: number; bytes: number }>(
        `select first_line, line_count, length(content) as bytes from log_rows
         where first_line >= ? order by first_line`,
        state.tail_line,
      )
      .toArray()
    for (const { first_line, line_count, bytes } of rows.slice(0, -1)) {
      if (state.tail_bytes <= this.#kept.tail_bytes) break
      this.#storage.sql.exec('delete from log_rows where first_line = ?', first_line)
      state.tail_line = first_line + line_count
      state.tail_bytes -= bytes
    }
  }

  #insert(first_line: number, line_count: number, content: Uint8Array): void {
    this.#storage.sql.exec(
      'insert into log_rows (first_line, line_count, content) values (?, ?, ?)',
      first_line,
      line_count,
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

  #state(): LogState {
    this.#open()
    return this.#storage.sql
      .exec<LogState>(
        `select next_line, next_runner_line, last_timestamp, head_bytes, tail_line, tail_bytes
         from log_state`,
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

/** The JSON of runs of lines, each small enough for a row. */
function* chunksOf(lines: Iterable<LogLine>): Iterable<{ json: Buffer; length: number }> {
  let texts: string[] = []
  let bytes = 0
  const chunk = () => ({ json: Buffer.from(`[${texts.join(',')}]`), length: texts.length })
  for (const line of lines) {
    const text = JSON.stringify(line)
    const size = Buffer.byteLength(text) + 1
    if (texts.length > 0 && bytes + size > MAX_CHUNK_BYTES) {
      yield chunk()
      texts = []
      bytes = 0
    }
    texts.push(text)
    bytes += size
  }
  if (texts.length > 0) yield chunk()
}
