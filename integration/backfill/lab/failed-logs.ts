/** Logs of builds that failed: what the runner says, what tools say, and a real tool's failure. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type LogLine,
  MAX_FLUSH_LINES,
  type RunnerStatusUpdate,
  type Step,
} from '@workers-builds/contracts'
import { createRandom, type Random } from '@workers-builds/test-kit/random'

const FIXTURES = fileURLToPath(
  new URL('../../../packages/error-detection/fixtures/', import.meta.url),
)

/** What builds print while all is well; `#` is a number that differs. */
const ORDINARY = [
  'npm http fetch GET 200 https://registry.example/package-#/-/package-#-1.2.#.tgz 34ms (cache miss)',
  'npm warn deprecated package-#@3.0.#: This version is no longer supported, please upgrade',
  'Progress: resolved #, reused #, downloaded #, added #',
  'transforming (#) src/components/component-#.tsx',
  'dist/assets/chunk-#.js    #.12 kB │ gzip: 4.#3 kB',
  '  ├─ /blog/post-#/index.html (+#ms)',
  'Uploading... (#/1500)',
]

type Failure = { name: string; messages: string[] }

let recorded: Failure[] | undefined

/** Logs of real tools that break, as they were recorded for the detector's tests. */
function failures(): Failure[] {
  recorded ??= readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.log') && !name.includes('-clean.'))
    .map((name) => ({
      name,
      messages: readFileSync(join(FIXTURES, name), 'utf8').trimEnd().split('\n'),
    }))
  return recorded
}

/**
 * The log of failed build number `seed`, as a runner flushes it once a second: a few hundred lines
 * as a rule, now and then thousands. The same one for the same number.
 */
export function failedLog(seed: number): LogLine[][] {
  const random = createRandom(seed)
  const failure = random.pick(failures())
  const ordinary = random.chance(0.03) ? random.integer(1_000, 3_000) : random.integer(60, 260)
  return flushes([
    [
      'initializing',
      ['Initializing build environment...', 'Success: Finished initializing build environment'],
    ],
    [
      'cloning',
      [
        'Cloning repository...',
        'Detected the following tools from environment: npm@10.9.2, nodejs@24.18.0',
      ],
    ],
    ['installing', ['Installing project dependencies: npm clean-install --progress=false']],
    ['installing', Array.from({ length: ordinary }, () => ordinaryLine(random))],
    ['building', ['Executing user build command: npm run build', ...failure.messages]],
    ['building', ['Failed: error occurred while running build command']],
  ])
}

/** The log of a good build as those of `failedLog`. */
export function goodLog(seed: number): LogLine[][] {
  const random = createRandom(seed)
  return flushes([
    ['cloning', ['Cloning repository...']],
    ['installing', Array.from({ length: 160 }, () => ordinaryLine(random))],
    ['building', ['Executing user build command: npm run build', '✓ built in 4.12s']],
  ])
}

/** A log of `count` lines whose last one says why the build failed. */
export function longLog(count: number): LogLine[][] {
  const random = createRandom(count)
  const body = Array.from({ length: count - 2 }, () => ordinaryLine(random))
  return flushes([
    ['building', body],
    ['building', ['npm error code ERESOLVE', 'Failed: error occurred while running build command']],
  ])
}

function ordinaryLine(random: Random): string {
  return random.pick(ORDINARY).replaceAll('#', () => String(random.below(10_000)))
}

const FLUSH_LINES = 100

function flushes(parts: [Step, string[]][]): LogLine[][] {
  let timestamp = Date.UTC(2026, 0, 1)
  const lines = parts.flatMap(([step, messages]) =>
    messages.map((message): LogLine => [timestamp++, step, message]),
  )
  const size = lines.length > 10_000 ? MAX_FLUSH_LINES : FLUSH_LINES
  const count = Math.ceil(lines.length / size)
  return Array.from({ length: count }, (_, index) => lines.slice(index * size, (index + 1) * size))
}

type LastStatus = Extract<RunnerStatusUpdate, { status: 'stopped' }>

/** What the runner says at last of a build with such a log. */
export function failedStatus(log: LogLine[][]): RunnerStatusUpdate {
  const failure = { failure_reason: 'build_command_failed', exit_code: 1 } as const
  return { ...lastStatus(log), build_outcome: 'fail', ...failure }
}

/** What it says of a good one. */
export function goodStatus(log: LogLine[][]): RunnerStatusUpdate {
  return { ...lastStatus(log), build_outcome: 'success', failure_reason: null, exit_code: null }
}

function lastStatus(
  log: LogLine[][],
): Pick<LastStatus, 'v' | 'seq' | 'status' | 'steps' | 'line_count'> {
  const line_count = log.reduce((sum, lines) => sum + lines.length, 0)
  return { v: 1, seq: 1, status: 'stopped', steps: [], line_count }
}
