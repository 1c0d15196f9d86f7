import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Health } from '@workers-builds/contracts'
import type { RunRecord } from '@workers-builds/local-platform/processes'
import { endProcess, sendSignal } from '@workers-builds/local-platform/processes'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { listProcesses, startedWith } from '@workers-builds/process-tree'
import { z } from 'zod'
import { hideAddresses } from '../terminal/hide-addresses.ts'
import { plainText } from '../terminal/terminal-text.ts'
import { openLogFile } from './log-file.ts'

/** How long bundling and starting may take on a busy machine. */
const START_PATIENCE_MS = 120_000
/** wrangler's word for code that does not compile; what is wrong with it comes right after. */
const BUNDLING_FAILED = /\[ERROR\] Build failed with \d+ error/
const BUNDLING_MESSAGE_MS = 500
/** How long wrangler may take to end by itself. */
const STOP_PATIENCE_MS = 3_000

const PROGRAM = fileURLToPath(new URL('run-workers.ts', import.meta.url))

const Answer = z.object({ result: Health })

export interface RunningWorkers {
  /** Resolves with the reason when the Workers end by themselves. */
  ended: Promise<string>
  /** wrangler, and then what it started and is alive. */
  pids(): number[]
  stop(): Promise<void>
  /** Ends them as a crash would. */
  kill(): Promise<void>
}

/** Runs all the Workers in one `wrangler dev`, and waits until the first of them answers. */
export async function startWorkers({
  dir,
  configs,
  port,
  connectionString,
  inspectorPort,
  engineHost,
  run,
  signal,
  onLine,
}: {
  dir: string
  configs: string[]
  port: number
  /** Of the Hyperdrive that they reach Postgres through. */
  connectionString: string
  /** Where to open the inspector, which asks nobody for a password; nowhere when left out. */
  inspectorPort?: number | undefined
  /** The engine that they start containers with; the machine's own when left out. */
  engineHost?: string | undefined
  run: RunRecord
  signal: AbortSignal
  onLine: (line: string) => void
}): Promise<RunningWorkers> {
  const child = spawn(
    process.execPath,
    [
      PROGRAM,
      ...configs.flatMap((config) => ['--config', config]),
      ...['--port', String(port), '--persist-to', join(dir, 'state')],
      ...(inspectorPort === undefined ? [] : ['--inspector-port', String(inspectorPort)]),
    ],
    {
      cwd: dir,
      // A session of its own: Ctrl-C in the terminal is for us to pass on, in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...run.environment,
        ...(engineHost !== undefined && { DOCKER_HOST: engineHost }),
        // One's own habit for other projects: ours have no such environment.
        CLOUDFLARE_ENV: undefined,
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: connectionString,
        WRANGLER_CACHE_DIR: join(dir, 'wrangler', 'cache'),
        WRANGLER_HIDE_BANNER: 'true',
        // Other stacks run Workers of the same names, and must not be found.
        WRANGLER_REGISTRY_PATH: join(dir, 'wrangler', 'registry'),
        WRANGLER_SEND_ERROR_REPORTS: 'false',
        WRANGLER_SEND_METRICS: 'false',
        // Requests are in our own log, without the addresses that are secrets.
        WRANGLER_WRITE_LOGS: 'false',
        // It lets anybody on this machine read the Durable Objects and run SQL in them.
        X_LOCAL_EXPLORER: 'false',
        // It would write every request and every call of a Durable Object into a database of its own.
        X_LOCAL_OBSERVABILITY: 'false',
      },
    },
  )
  const exited = once(child, 'exit')
  const { pid } = child
  if (pid === undefined) throw new Error('wrangler could not be started')
  const killWithUs = () => sendSignal(-pid, 'SIGKILL') // the group: wrangler and what it started
  process.once('exit', killWithUs)
  exited.then(() => process.off('exit', killWithUs))
  await run.add({ name: 'wrangler', pid })

  const log = openLogFile({ dir, name: 'workers' })
  const notBundled = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const plain = hideAddresses(plainText(line))
      log.write(plain)
      onLine(plain)
      if (BUNDLING_FAILED.test(plain)) notBundled.resolve()
    })
  }

  const ended = exited.then(
    ([code, signal]) => `wrangler ended (${signal ?? code}), see ${log.file}`,
  )
  const stop = async () => {
    // wrangler takes workerd with it; if it cannot, the run's mark finds what is left.
    await endProcess({ pid, signals: ['SIGTERM', 'SIGKILL'], patienceMs: STOP_PATIENCE_MS })
    await exited
  }
  try {
    await Promise.race([
      untilAnswering(`http://127.0.0.1:${port}/health`, signal),
      ended.then(async (reason) => {
        throw new Error(`${reason}:\n${await lastLines(log.file)}`)
      }),
      // wrangler itself would wait for the code to be mended.
      notBundled.promise.then(async () => {
        await delay(BUNDLING_MESSAGE_MS)
        throw new Error(`The Workers cannot be bundled:\n${await lastLines(log.file)}`)
      }),
    ])
  } catch (error) {
    await stop()
    throw error
  }
  const started = Object.entries(run.environment).map(([name, value]) => `${name}=${value}`)
  const pids = () => {
    const marked = startedWith(started[0] ?? '')(listProcesses()).map((process) => process.pid)
    return [pid, ...marked.filter((other) => other !== pid)]
  }
  const kill = async () => {
    killWithUs()
    await exited
  }
  return { ended, pids, stop, kill }
}

/** Until the Workers reach the database; Scheduler, say, is only woken then. */
async function untilAnswering(url: string, signal: AbortSignal): Promise<void> {
  const ask = async () => {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
    })
    const text = await response.text()
    if (isHealthWithDatabase(text)) return true
    throw new Error(`status ${response.status}: ${text.slice(0, 500)}`)
  }
  const options = { timeoutMs: START_PATIENCE_MS, pauseMs: 50, ignoreErrors: true, signal }
  await waitFor(`the Workers to answer at ${url}`, ask, options)
}

function isHealthWithDatabase(text: string): boolean {
  try {
    return Answer.safeParse(JSON.parse(text)).data?.result.parts.postgres === 'ok'
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

async function lastLines(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim().split('\n').slice(-15).join('\n')
}
