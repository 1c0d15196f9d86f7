import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  anyOf,
  descendantsOf,
  killProcesses,
  type Process,
  startedWith,
} from '@workers-builds/process-tree'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '../state/json-file.ts'
import { endProcess, startTokenOf } from './process.ts'

const RecordedProcess = z.object({ name: z.string(), pid: z.int().min(2), started: z.string() })
type RecordedProcess = z.infer<typeof RecordedProcess>

/** Name of the record in the folder of a run. */
export const RECORD_FILE = 'processes.json'

/** What the record holds: who runs the stack of this folder, and what it started. */
const Run = z.object({
  /** Stands in the environment of what a run starts, and so in that of all its descendants. */
  marker: z.string(),
  owner: RecordedProcess,
  children: z.array(RecordedProcess),
})
type Run = z.infer<typeof Run>

const MARKER_VARIABLE = 'WORKERS_BUILDS_RUN'

/** Somebody else runs the stack of this folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError'
}

export interface RunRecord {
  /** For the environment of every child, so that what it leaves behind can be found. */
  environment: Record<string, string>
  /** Notes a child, to be ended by the next run if this one cannot. */
  add(child: { name: string; pid: number }): Promise<void>
  /** Ends whatever is left of this run and forgets it. */
  close(): Promise<void>
}

/**
 * Claims the folder `dir` for this process, after ending what an earlier run that was killed hard
 * left behind. Throws {@link AlreadyRunningError} when that run is alive.
 */
export async function openRunRecord({ dir }: { dir: string }): Promise<RunRecord> {
  const file = join(dir, RECORD_FILE)
  const earlier = await readJsonFile(file, Run)
  if (earlier !== undefined) {
    if (await isSame(earlier.owner)) {
      throw new AlreadyRunningError(
        `Already running in ${dir} as process ${earlier.owner.pid}: stop that one first.`,
      )
    }
    await endRun(earlier)
  }

  const run: Run = {
    marker: `${MARKER_VARIABLE}=${crypto.randomUUID()}`,
    owner: await identify({ name: 'owner', pid: process.pid }),
    children: [],
  }
  await writeJsonFile(file, run)
  return {
    environment: { [MARKER_VARIABLE]: run.marker.slice(MARKER_VARIABLE.length + 1) },
    async add(child) {
      run.children.push(await identify(child))
      await writeJsonFile(file, run)
    },
    async close() {
      await endRun(run)
      await rm(file, { force: true })
    },
  }
}

/** Ends what `run` started: first what uses the database, then the database, gently. */
async function endRun(run: Run): Promise<void> {
  const alive: RecordedProcess[] = []
  for (const child of run.children) if (await isSame(child)) alive.push(child)
  const databases = alive.filter(({ name }) => name === 'postgres')
  const others = alive.filter(({ name }) => name !== 'postgres').map(({ pid }) => pid)

  const itself = (all: Process[]) => all.filter(({ pid }) => others.includes(pid))
  const left = await killProcesses(
    anyOf(itself, ...others.map((pid) => descendantsOf(pid)), startedWith(run.marker)),
  )
  if (left.length > 0) {
    throw new Error(`Processes ${left.map(({ pid }) => pid).join(', ')} cannot be ended`)
  }
  for (const { pid } of databases) {
    await endProcess({ pid, signals: ['SIGINT', 'SIGQUIT', 'SIGKILL'] })
  }
}

async function identify({ name, pid }: { name: string; pid: number }): Promise<RecordedProcess> {
  const started = await startTokenOf(pid)
  if (started === undefined) throw new Error(`${name} (process ${pid}) ended at once`)
  return { name, pid, started }
}

/** Whether the process is still the one that was recorded: pids are given out again. */
async function isSame({ pid, started }: RecordedProcess): Promise<boolean> {
  return (await startTokenOf(pid)) === started
}
