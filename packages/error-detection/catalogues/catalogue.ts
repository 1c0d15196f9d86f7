/**
 * `pnpm --filter @workers-builds/error-detection run catalogue [TOOL[@VERSION]…]`: fetches published
 * tools, reads their error texts, and says how many of them the detector names. It writes the counts
 * to `counts.json` and `docs/catalogues.md`, and prints the messages that are not named: all, or the
 * ones that are new where the version recorded so far is another one.
 *
 *     --dry-run     writes nothing
 *     --all         prints those too that were in the recorded version
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { measure } from './measure.ts'
import type { Recorded } from './page.ts'
import { cataloguesPage } from './page.ts'
import { readTool } from './read-package.ts'
import { CATALOGUED } from './tools.ts'

const COUNTS = new URL('counts.json', import.meta.url)
const PAGE = new URL('../../../docs/catalogues.md', import.meta.url)

function main(): number {
  const { values, positionals } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const wanted = positionals.length > 0 ? positionals : Object.keys(CATALOGUED)
  const unknown = wanted.filter((word) => !Object.hasOwn(CATALOGUED, nameOf(word)))
  if (unknown.length > 0) {
    console.error(
      `No tool is called ${unknown.map(nameOf).join(', ')}. There are: ${Object.keys(CATALOGUED).join(', ')}.`,
    )
    return 2
  }
  const recorded: Record<string, Recorded[string]> = JSON.parse(readFileSync(COUNTS, 'utf8'))
  for (const word of wanted)
    recorded[nameOf(word)] = catalogue(word, recorded[nameOf(word)], values.all)
  if (values['dry-run']) return 0
  const inOrder = Object.fromEntries(
    Object.keys(CATALOGUED).flatMap((key) => (recorded[key] ? [[key, recorded[key]]] : [])),
  )
  writeFileSync(COUNTS, `${JSON.stringify(inOrder, null, 2)}\n`)
  writeFileSync(PAGE, cataloguesPage(inOrder))
  return 0
}

function nameOf(word: string): string {
  return word.split('@')[0] ?? ''
}

function catalogue(
  word: string,
  before: Recorded[string] | undefined,
  all: boolean,
): Recorded[string] {
  const [key = '', asked] = word.split('@')
  const tool = CATALOGUED[key]
  if (!tool) throw new Error(`no tool is called ${key}`)
  const wanted = asked ?? tool.newest ?? 'latest'
  const { version, messages } = readTool(tool, wanted)
  const { counts, unnamed } = measure(tool, messages)
  const known = new Set(
    !all && before && before.version !== version
      ? readTool(tool, before.version).messages.map(({ text }) => text)
      : [],
  )
  for (const { message, lacks, error } of unnamed) {
    if (known.has(message.text)) continue
    const named = error ? `${error.error_code} ${error.cause} ${error.error_group}` : 'nothing'
    console.log(`${key}: ${JSON.stringify(message.text)} lacks ${lacks.join(', ')}: ${named}`)
  }
  console.log(`${tool.name} ${version}: ${counts.named} of ${counts.messages} messages are named`)
  return { version, ...counts }
}

process.exitCode = main()
