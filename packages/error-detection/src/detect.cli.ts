/**
 * `pnpm detect`: why did this build fail?
 *
 *     pnpm detect FILE…                       the decisive lines of build logs, with what to do about them
 *     pnpm detect --jsonl < LOGS              errors as JSON, a line for each log
 *     pnpm detect --diff REVISION < LOGS      how the logs are regrouped since a commit or tag
 *
 * LOGS has one `{"id":…, "lines":[…]}` a line; a line of a log is a string or the stored tuple.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { detectorAt } from './cli/old-detector.ts'
import type { Pair, Regrouping } from './cli/regroup.ts'
import { regroup } from './cli/regroup.ts'
import { detect } from './detector.ts'
import type { AnyLine } from './engine/lines.ts'
import { plainText } from './engine/plain-text.ts'
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

const USAGE = `usage: pnpm detect FILE…    (- reads standard input)
       pnpm detect --jsonl < LOGS.jsonl
       pnpm detect --diff REVISION < LOGS.jsonl`

async function main(): Promise<number> {
  const { values, positionals } = readArguments()
  if (values.help) {
    console.log(USAGE)
    return 0
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
    const shown = errors.map(({ step: _, ...error }) => error)
    process.stdout.write(`${JSON.stringify({ id, outcome, errors: shown })}\n`)
  }
}

async function showRegrouping(revision: string): Promise<void> {
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
  console.log(errors.length === 0 ? `${file}: no error was found` : `${file}:`)
  for (const error of errors) {
    const explanation = explanationOf(error)
    console.log(`\n  ${error.title}  (${error.error_code}, ${error.cause}, ${error.fault})`)
    if (error.line !== null) {
      console.log(`  line ${error.line + 1}: ${plainText(lines[error.line] ?? '').trim()}`)
    }
    if (explanation) console.log(`  → ${explanation.fix}`)
    if (explanation?.docs_url) console.log(`    ${explanation.docs_url}`)
  }
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
