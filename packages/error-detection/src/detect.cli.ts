/**
 * `pnpm detect`: why did this build fail?
 *
 *     pnpm detect FILE…        the decisive lines of build logs, with what to do about them
 *     pnpm detect --jsonl      {"id", "lines"} a line on standard input, errors as JSON on standard output
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { detect } from './detector.ts'
import { plainText } from './engine/normalise.ts'
import type { AnyLine } from './engine/scan.ts'
import { explanationOf } from './explain.ts'

const USAGE = `usage: pnpm detect FILE…
       pnpm detect --jsonl < LOGS.jsonl`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { jsonl: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  if (values.jsonl) return await detectJsonl()
  if (positionals.length === 0) {
    console.error(USAGE)
    return 2
  }
  for (const file of positionals) explainFile(file)
  return 0
}

async function detectJsonl(): Promise<number> {
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (text.trim() === '') continue
    const { id, lines } = JSON.parse(text) as { id: unknown; lines: AnyLine[] }
    const { outcome, errors } = detect(lines)
    const shown = errors.map(
      ({ error_code, error_group, cause, fault, line, confidence, title }) => ({
        error_code,
        error_group,
        cause,
        fault,
        line,
        confidence,
        title,
      }),
    )
    process.stdout.write(`${JSON.stringify({ id, outcome, errors: shown })}\n`)
  }
  return 0
}

function explainFile(file: string): void {
  const lines = readFileSync(file, 'utf8').split('\n')
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

process.exitCode = await main()
