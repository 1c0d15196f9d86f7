/**
 * `pnpm bench:mask`: how fast lines of logs are masked, beside the mere cutting of them into lines.
 *
 * The secrets are those of an ordinary build and a service account in JSON, which alone has thousands
 * of forms. Prints JSON. The best turn of each counts, in time of the processor, which evens out what
 * else the machine does.
 *
 * @module
 */
import process from 'node:process'
import { LineSplitter, type OutputLine } from '../src/output/line-splitter.ts'
import { Masker } from '../src/output/masker.ts'

const MEGABYTES = 20
const TURNS = 7
/** Pieces in which a pipe hands over the output. */
const PIECE_LENGTH = 64 * 1024

const LINES = [
  'npm http fetch GET 200 https://registry.example.com/package-#/-/package-#-1.2.#.tgz 34ms (cache miss)',
  'npm warn deprecated package-#@3.0.#: This version is no longer supported, please upgrade',
  '\u001b[2mdist/assets/\u001b[22m\u001b[36mchunk-#.js    \u001b[39m\u001b[1m#.12 kB\u001b[22m │ gzip: 4.#3 kB',
  'transforming (#) node_modules/package-#/dist/esm/index.js',
  '✓ # modules transformed.',
  '  ├─ /blog/post-#/index.html (+#ms)',
  'Progress: resolved #, reused #, downloaded #, added #',
  'integrity sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWUZBlbGXYxx#==',
  '#: webpack 5.90.# compiled chunk vendors~main.#.js in # ms, 12 modules by path ./src/pages/',
]

function main(): void {
  const output = outputOf(MEGABYTES)
  const key = Array.from({ length: 26 }, (_, line) => random(64, line)).join('\n')
  const account = {
    type: 'service_account',
    private_key_id: random(40, 100),
    private_key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    client_email: 'builder@project.example.com',
    token_uri: 'https://oauth2.example.com/token',
  }
  const few = [1, 2, 3, 4, 5, 6].map((index) => `sk_live_${random(40, index)}`)
  const many = [...few, JSON.stringify(account, null, 2), 'https://example.com/hook?key=1234']
  const speed = (masker: Masker) => best(output, (text) => maskAll(text, masker))
  const figures = {
    splitting_mb_per_s: best(output, splitAll),
    few_secrets_mb_per_s: speed(new Masker(few)),
    json_secret_mb_per_s: speed(new Masker(many)),
  }
  console.log(JSON.stringify(figures))
}

function outputOf(megabytes: number): string {
  const lines: string[] = []
  for (let index = 0, length = 0; length < megabytes * 1_000_000; index++) {
    const number = String((index * 2_654_435_761) % 9_973)
    const line = (LINES[(index * 7 + (index >> 5)) % LINES.length] ?? '').replaceAll('#', number)
    lines.push(line)
    length += Buffer.byteLength(line) + 1
  }
  return lines.join('\n')
}

/** The same letters at every call. */
function random(length: number, seed: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  let state = seed * 7_919 + 1
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return letters[(state >>> 16) % letters.length]
  }).join('')
}

function splitAll(output: string): number {
  return readAll(output, { take: ({ text }) => text.length })
}

function maskAll(output: string, masker: Masker): number {
  const lines = masker.lines()
  return readAll(output, {
    onPiece: (piece) => lines.read(piece),
    take: ({ text, place }) => lines.mask(text, { place }).length,
  })
}

/** Length of what `take` returns of every line, so that none of it can be left undone. */
function readAll(
  output: string,
  { onPiece, take }: { onPiece?: (piece: string) => void; take: (line: OutputLine) => number },
): number {
  let total = 0
  const splitter = new LineSplitter({
    maxLength: 100_000,
    ...(onPiece && { onPiece }),
    onLine: (line) => {
      total += take(line)
    },
  })
  for (let start = 0; start < output.length; start += PIECE_LENGTH) {
    splitter.push(output.slice(start, start + PIECE_LENGTH))
  }
  splitter.end()
  return total
}

function best(output: string, run: (output: string) => number): number {
  const bytes = Buffer.byteLength(output)
  const speeds = Array.from({ length: TURNS }, () => {
    const before = process.cpuUsage()
    if (run(output) === 0) throw new Error('nothing was read')
    const { user, system } = process.cpuUsage(before)
    return bytes / (user + system)
  })
  return Math.round(Math.max(...speeds))
}

main()
