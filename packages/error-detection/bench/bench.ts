/**
 * `pnpm bench:detect`: how fast logs are searched, beside the published loop and the limit.
 *
 * On the same logs, in one run: the published per-line loop with these signatures, the detector, and
 * ripgrep with the same literals on one core. They take turns and the best turn of each counts, which
 * evens out the noise of the machine. The loop is so slow that it gets only a part of the logs.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { LogLine } from '@workers-builds/contracts'
import { createErrorDetector } from '../src/detector.ts'
import { knowledgeBase } from '../src/knowledge.ts'
import { LINES_PER_ERROR, pathologicalLines, realisticLines } from './logs.ts'
import { publishedLoop } from './published-loop.ts'

const MEGABYTES = 100
const PATHOLOGICAL_MEGABYTES = 4
const LOOP_MEGABYTES = 2
const TURNS = 5
const PAGE_LINES = 1_000

type Log = LogLine[][]

function main(): number {
  if (spawnSync('rg', ['--version']).status !== 0) {
    console.error(
      'ripgrep is the limit to measure against, and is missing: apt-get install ripgrep',
    )
    return 1
  }
  const lines = realisticLines(MEGABYTES)
  const logs = logsOf(lines)
  const { signatures } = knowledgeBase()
  console.log(`${signatures.length} signatures, ${lines.length} lines, ${logs.length} logs`)

  const memory = memoryOfOneLog(lines)
  console.log(`memory held for one log of ${memory.lines} lines: ${memory.kilobytes} kB`)

  const folder = mkdtempSync(join(tmpdir(), 'bench-detect-'))
  const ours: number[] = []
  const limit: number[] = []
  try {
    const files = writeFiles(folder, lines)
    for (let turn = 0; turn < TURNS; turn++) {
      ours.push(megabytesPerSecond(bytesOf(lines), () => detectAll(logs)))
      limit.push(megabytesPerSecond(bytesOf(lines), () => ripgrep(files)))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const published = loopSpeed(realisticLines(LOOP_MEGABYTES))

  const hard = pathologicalLines(PATHOLOGICAL_MEGABYTES)
  const hardOurs = megabytesPerSecond(bytesOf(hard), () => detectAll(logsOf(hard)))
  const hardPublished = loopSpeed(pathologicalLines(LOOP_MEGABYTES))
  console.log(
    `pathological: ours ${hardOurs.toFixed(1)}, published ${hardPublished.toFixed(2)} MB/s`,
  )

  const best = { ours: Math.max(...ours), limit: Math.max(...limit) }
  console.log(
    JSON.stringify({
      published_mb_per_s: round(published),
      ours_mb_per_s: round(best.ours),
      limit_mb_per_s: round(best.limit),
      ratio_to_published: round(best.ours / published),
      ratio_to_limit: round(best.ours / best.limit),
      pathological_ratio: round(hardOurs / hardPublished),
    }),
  )
  return 0
}

/** One log per error, as of builds that failed; each in the pages in which it is read. */
function logsOf(lines: readonly string[]): Log[] {
  const logs: Log[] = []
  for (let start = 0; start < lines.length; start += LINES_PER_ERROR) {
    const log = lines
      .slice(start, start + LINES_PER_ERROR)
      .map((message, index): LogLine => [index, 'building', message])
    logs.push([log.slice(0, PAGE_LINES), log.slice(PAGE_LINES)])
  }
  return logs
}

function detectAll(logs: readonly Log[]): void {
  for (const pages of logs) {
    const detector = createErrorDetector()
    for (const page of pages) detector.push(page)
    detector.finish()
  }
}

interface Files {
  log: string
  literals: string
}

function writeFiles(folder: string, lines: readonly string[]): Files {
  const files = { log: join(folder, 'log'), literals: join(folder, 'literals') }
  const literals = knowledgeBase().signatures.flatMap((signature) => signature.literals)
  writeFileSync(files.log, lines.join('\n'))
  // ripgrep searches line by line, so a literal that begins a line is given without its newline.
  const searchable = new Set(literals.map((literal) => literal.replace('\n', '')))
  writeFileSync(files.literals, [...searchable].join('\n'))
  return files
}

function ripgrep({ log, literals }: Files): void {
  const { status, stderr } = spawnSync('rg', ['-j1', '-F', '-c', '-f', literals, log])
  if (status !== 0) throw new Error(`ripgrep failed: ${stderr}`)
}

function loopSpeed(lines: readonly string[]): number {
  const log = lines.map((message, index): LogLine => [index, 'building', message])
  return megabytesPerSecond(bytesOf(lines), () => publishedLoop(log))
}

/** What a detector holds after a log of all `lines`: it must not grow with them. */
function memoryOfOneLog(lines: readonly string[]): { lines: number; kilobytes: number } {
  const detector = createErrorDetector()
  const before = heapUsed()
  for (let start = 0; start < lines.length; start += PAGE_LINES) {
    const page = lines.slice(start, start + PAGE_LINES)
    detector.push(page.map((message, index): LogLine => [index, 'building', message]))
  }
  const kilobytes = Math.max(0, Math.round((heapUsed() - before) / 1_000))
  detector.finish()
  return { lines: lines.length, kilobytes }
}

function heapUsed(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function megabytesPerSecond(bytes: number, work: () => void): number {
  const start = performance.now()
  work()
  return bytes / 1_000 / (performance.now() - start)
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

process.exitCode = main()
