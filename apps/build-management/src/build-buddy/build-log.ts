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
  type LogSlice,
  MAX_PAGE_CHARACTERS,
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
  /** The row that was read last: its lines are asked for page by page. */
  #unpacked: { first_line: number; lines: LogLine[] } | undefined

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

  /** How many lines there are in all; the ordinal of the next one. */
  get nextLine(): number {
    return this.#state().next_line
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
   * The lines from `cursor` on, at most a page of them and at least one. Where lines were left out,
   * one line says so in the place of the first of them, and ends its page.
   */
  read({
    cursor,
    sealed,
    maxCharacters = MAX_PAGE_CHARACTERS,
    maxLines = MAX_PAGE_LINES,
  }: {
    cursor?: LogCursor | undefined
    sealed: boolean
    maxCharacters?: number
    maxLines?: number
  }): LogPage {
    const { next_line } = this.#state()
    const lines: LogLine[] = []
    let next = cursor?.line ?? 0
    let characters = 0
    const isFull = (line: LogLine) =>
      lines.length >= maxLines || (lines.length > 0 && characters + line[2].length > maxCharacters)

    reading: for (const row of next < next_line ? this.#rows(next) : []) {
      const stored = this.#linesOf(row)
      const [first] = stored
      if (first === undefined || row.first_line + stored.length <= next) continue
      if (row.first_line > next) {
        const message = `… ${row.first_line - next} lines were left out here …`
        if (isFull([first[0], first[1], message])) break
        lines.push([first[0], first[1], message])
        next = row.first_line
        break
      }
      for (const line of stored.slice(next - row.first_line)) {
        if (isFull(line)) break reading
        lines.push(line)
        characters += line[2].length
        next++
      }
    }
    const more = next < next_line
    const complete = sealed && !more
    return complete ? { lines, complete, more } : { lines, cursor: { line: next }, complete, more }
  }

  /** The lines that a reader of all pages has at `index` and after it. */
  slice({ index, count }: LogSlice): LogLine[] {
    const lines: LogLine[] = []
    let next: LogCursor | undefined = { line: this.#ordinalOf(index) }
    while (next && lines.length < count) {
      const page = this.read({ cursor: next, sealed: true, maxLines: count - lines.length })
      lines.push(...page.lines)
      next = page.cursor
    }
    return lines
  }

  /** The ordinal of the line that a reader of all pages has at `index`. */
  #ordinalOf(index: number): number {
    const { tail_line } = this.#state()
    if (tail_line === null) return index
    const { head_end } = this.#storage.sql
      .exec<{ head_end: number }>(
        `select coalesce(max(first_line + line_count), 0) as head_end from log_rows
         where first_line < ?`,
        tail_line,
      )
      .one()
    const left_out = tail_line - head_end
    // One line stands for those that were left out.
    return left_out === 0 || index <= head_end ? index : index - 1 + left_out
  }

  /** All lines that are kept, in their order. */
  lines(): Iterable<LogLine> {
    return linesOfAll(this.#rows(0))
  }

  /** Replaces the rows of a finished log by few gzipped ones, all at once. */
  compact(): void {
    this.#storage.transactionSync(() => {
      const { tail_line } = this.#state()
      const end = Number.MAX_SAFE_INTEGER
      this.#compactLines(0, tail_line ?? end)
      if (tail_line !== null) this.#compactLines(tail_line, end)
    })
    this.#unpacked = undefined
  }

  /** Read row by row, so that not the whole of a long log is in memory as text. */
  #compactLines(from: number, to: number): void {
    const { sql } = this.#storage
    const rows = sql.exec<LogRow>(
      `select first_line, line_count, content from log_rows
       where first_line >= ? and first_line < ? order by first_line`,
      from,
      to,
    )
    const chunks: { length: number; content: Uint8Array }[] = []
    for (const { json, length } of chunksOf(linesOfAll(rows))) {
      chunks.push({ length, content: gzipSync(json) })
    }
    sql.exec('delete from log_rows where first_line >= ? and first_line < ?', from, to)
    let first_line = from
    for (const { length, content } of chunks) {
      this.#insert(first_line, length, content)
      first_line += length
    }
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
    // The newest row stays, however large it is; the others go one by one, and seldom many.
    while (state.tail_bytes > this.#kept.tail_bytes) {
      const [oldest, next] = this.#storage.sql
        .exec<{ first_line: number; bytes: number }>(
          `select first_line, length(content) as bytes from log_rows
           where first_line >= ? order by first_line limit 2`,
          state.tail_line,
        )
        .toArray()
      if (oldest === undefined || next === undefined) return
      this.#storage.sql.exec('delete from log_rows where first_line = ?', oldest.first_line)
      state.tail_line = next.first_line
      state.tail_bytes -= oldest.bytes
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

  #linesOf(row: LogRow): LogLine[] {
    if (this.#unpacked?.first_line !== row.first_line) {
      this.#unpacked = { first_line: row.first_line, lines: unpack(row) }
    }
    return this.#unpacked.lines
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

function* linesOfAll(rows: Iterable<LogRow>): Iterable<LogLine> {
  for (const row of rows) yield* unpack(row)
}

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
