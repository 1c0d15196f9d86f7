/**
 * Logs to measure with: many lines of ordinary output, and now and then an error.
 *
 * @module
 */
import { knowledgeBase } from '../src/knowledge.ts'

/** Lines of builds that go well; `#` is a number that differs. */
const ORDINARY = [
  'npm http fetch GET 200 https://registry.example/package-#/-/package-#-1.2.#.tgz 34ms (cache miss)',
  'npm warn deprecated package-#@3.0.#: This version is no longer supported, please upgrade',
  'dist/assets/chunk-#.js    #.12 kB │ gzip: 4.#3 kB',
  'transforming (#) node_modules/package-#/dist/esm/index.js',
  '✓ # modules transformed.',
  'rendering chunks (#)...',
  '  ├─ /blog/post-#/index.html (+#ms)',
  'Progress: resolved #, reused #, downloaded #, added #',
  '[build] src/components/Component#.tsx compiled in # ms',
  'info  - Generating static pages (#/2000)',
  "➤ YN0013: │ package-#@npm:4.5.# can't be found in the cache and will be fetched from the remote registry",
  'Uploading... (#/1500)',
  '@acme/web:build: cache miss, executing 4f2a9c#e1',
  '   Compiling crate-# v0.1.#',
  '  Downloading package_#-2.0.#-py3-none-any.whl (#.4 MB)',
  '#: webpack 5.90.# compiled chunk vendors~main.#.js in # ms, 12 modules by path ./src/pages/',
  '',
]

/** Lines for each one that reports an error, as in the logs of failed builds. */
export const LINES_PER_ERROR = 2_000

/** Lines of at least `megabytes` together; the same ones at every call. */
export function realisticLines(megabytes: number): string[] {
  const errors = knowledgeBase().signatures.flatMap(({ source }) => source.examples)
  const lines: string[] = []
  let bytes = 0
  for (let index = 0; bytes < megabytes * 1_000_000; index++) {
    const line =
      index % LINES_PER_ERROR === LINES_PER_ERROR - 1
        ? (errors[Math.floor(index / LINES_PER_ERROR) % errors.length] ?? '')
        : ordinaryLine(index)
    lines.push(line)
    bytes += Buffer.byteLength(line) + 1
  }
  return lines
}

function ordinaryLine(index: number): string {
  const template = ORDINARY[(index * 7 + (index >> 5)) % ORDINARY.length] ?? ''
  return template.replaceAll('#', String((index * 2_654_435_761) % 9_973))
}

/** The worst case for a search by literals: every line is full of literals and of their beginnings. */
export function pathologicalLines(megabytes: number): string[] {
  const literals = knowledgeBase().signatures.flatMap((signature) => signature.literals)
  const lines: string[] = []
  let bytes = 0
  for (let index = 0; bytes < megabytes * 1_000_000; index++) {
    const words = [0, 1, 2, 3].map((k) => literals[(index * 31 + k * 17) % literals.length] ?? '')
    const line = `${words.map((word) => `${word.slice(0, -1)} ${word}`).join(' ')} ${'Error: '.repeat(index % 40)}`
    lines.push(line)
    bytes += Buffer.byteLength(line) + 1
  }
  return lines
}
