/**
 * `pnpm detect`: why did this build fail?
 *
 *     pnpm detect FILE…                       the decisive lines of build logs, with what to do about them
 *     pnpm detect --jsonl < LOGS              errors as JSON, a line for each log
 *     pnpm detect --diff REVISION < LOGS      how the logs are regrouped since a commit or tag
 *
 * LOGS has one `{"id":…, "lines":[…]}` a line; a line of a log is a string or the stored tuple. Of each
 * error, `line_number` counts from 1, and `line` is the index in `lines`.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parseArgs, styleText } from 'node:util'
import type { DetectedError } from '@workers-builds/contracts'
import type { Pair, Regrouping } from './cli/regroup.ts'
import { regroup } from './cli/regroup.ts'
import { detect } from './detector.ts'
import type { AnyLine } from './engine/lines.ts'
import { excerptOf, linesOfExcerpt, locationText } from './excerpt.ts'
import { explanationOf } from './explain.ts'

/** Exit code for a wrong use of the command line. */
const WRONG_USE = 2
/** Instead of a file: standard input. */
const STDIN = '-'
/** What may be wrong with a file that a person names. */
const UNREADABLE: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder: name a log file in it',
  EACCES: 'you may not read it',
}

/** How the command is called; the build of the published package defines it. */
declare const PROGRAM: string | undefined
const IS_PUBLISHED = typeof PROGRAM === 'string'
const NAME = IS_PUBLISHED ? PROGRAM : 'pnpm detect'

const USAGE = [
  `usage: ${NAME} FILE…    why the builds with these logs failed (- reads standard input)`,
  `       ${NAME} --jsonl < LOGS.jsonl`,
  ...(IS_PUBLISHED ? [] : [`       ${NAME} --diff REVISION < LOGS.jsonl`]),
].join('\n')

async function main(): Promise<number> {
  const { values, positionals } = readArguments()
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  if (values.diff !== undefined && IS_PUBLISHED) {
    console.error(`--diff needs the repository of the detector\n\n${USAGE}`)
    return WRONG_USE
  }
  if (values.diff !== undefined) await showRegrouping(values.diff)
  else if (values.jsonl) await detectJsonl()
  else if (positionals.length === 0) {
    console.error(USAGE)
    return WRONG_USE
  }
  for (const file of positionals) explainFile(file)
  return 0
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        jsonl: { type: 'boolean', default: false },
        diff: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    })
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exit(WRONG_USE)
  }
}

async function* logsOfInput(): AsyncGenerator<{ id: unknown; lines: AnyLine[] }> {
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (text.trim() !== '') yield JSON.parse(text)
  }
}

async function detectJsonl(): Promise<void> {
  for await (const { id, lines } of logsOfInput()) {
    const { outcome, errors } = detect(lines)
    const shown = errors.map(({ step: _, ...error }) => {
      return { ...error, line_number: error.line === null ? null : error.line + 1 }
    })
    process.stdout.write(`${JSON.stringify({ id, outcome, errors: shown })}\n`)
  }
}

async function showRegrouping(revision: string): Promise<void> {
  const { detectorAt } = await import('./cli/old-detector.ts')
  using old = await detectorAt(revision)
  const pairs: Pair[] = []
  for await (const { lines } of logsOfInput()) {
    pairs.push({ before: old.detect(lines), after: detect(lines) })
  }
  printRegrouping(regroup(pairs))
}

function printRegrouping({ logs, unchanged, gained, lost, moves }: Regrouping): void {
  for (const { from, to, logs: moved } of moves) console.log(`${moved}\t${from}\n\t→ ${to}`)
  console.log(
    `${logs} logs: ${unchanged} unchanged, ${gained} explained only now, ${lost} no longer`,
  )
}

function explainFile(file: string): void {
  const text = readText(file)
  if (text === undefined) return
  const lines = text.split('\n')
  const { errors } = detect(lines)
  const name = file === STDIN ? 'standard input' : file
  console.log(errors.length === 0 ? `${name}: no error was found` : `${name}:`)
  for (const error of errors) explain(error, lines)
}

function explain(error: DetectedError, lines: readonly string[]): void {
  const { title, error_code, cause, fault, line } = error
  console.log(`\n  ${styled(['bold', 'red'], title)}  (${error_code}, ${cause}, ${fault})`)
  if (line !== null) {
    const { index, count } = linesOfExcerpt(line)
    const excerpt = excerptOf({ line, lines: lines.slice(index, index + count) })
    console.log(`  line ${line + 1}: ${excerpt?.decisive.text.trim() ?? ''}`)
    if (excerpt?.location) console.log(`  in: ${locationText(excerpt.location)}`)
  }
  const explanation = explanationOf(error)
  if (explanation) console.log(`  → ${styled('green', explanation.fix)}`)
  if (explanation?.docs_url) console.log(`    ${styled('dim', explanation.docs_url)}`)
}

/** `text` in colours where a terminal shows it. */
function styled(format: Parameters<typeof styleText>[0], text: string): string {
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? styleText(format, text) : text
}

/** The text of a log file; undefined, after a sentence about it, when it cannot be read. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file === STDIN ? process.stdin.fd : file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why = UNREADABLE[code]
    if (why === undefined) throw error
    console.error(`${file}: ${why}`)
    process.exitCode = 1
    return undefined
  }
}

const code = await main()
if (code !== 0) process.exitCode = code
