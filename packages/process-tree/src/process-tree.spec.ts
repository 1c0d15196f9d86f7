import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  anyOf,
  descendantsOf,
  killProcesses,
  lineOf,
  listProcesses,
  ownedBy,
  parseProcStatus,
  startedWith,
  workingBelow,
} from './index.ts'

const SLEEP = 'sleep 300'
const { PATH = '' } = process.env

/** Runs `script` and answers with what it printed first: the pid of something it started. */
async function startScript(
  script: string,
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ shell: number; pid: number }> {
  const child = spawn('bash', ['-c', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
    cwd: options.cwd ?? '/',
    env: { PATH, ...options.env },
  })
  const [printed] = await once(child.stdout, 'data')
  return { shell: child.pid ?? 0, pid: Number.parseInt(String(printed), 10) }
}

function isAlive(pid: number): boolean {
  return listProcesses().some((process) => process.pid === pid)
}

describe('killProcesses', () => {
  test('ends children, grandchildren and those in a session of their own', async () => {
    const { shell, pid } = await startScript(`setsid bash -c '${SLEEP} & echo $!; wait' & wait`)
    expect(isAlive(pid)).toBe(true)
    expect(await killProcesses(anyOf(descendantsOf(shell)))).toEqual([])
    expect(isAlive(pid)).toBe(false)
    await killProcesses((all) => all.filter((process) => process.pid === shell))
  })

  test('finds a daemon without ancestors by the environment it was started with', async () => {
    const marker = `MARKER=${crypto.randomUUID()}`
    const [name = '', value = ''] = marker.split('=')
    const { pid } = await startScript(`(setsid ${SLEEP} & echo $!)`, { env: { [name]: value } })
    expect(await killProcesses(startedWith(marker))).toEqual([])
    expect(isAlive(pid)).toBe(false)
  })

  test.runIf(process.platform === 'linux')(
    'finds a daemon that cleared its environment by the folder it works in',
    async () => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), 'process-tree-')))
      const { pid } = await startScript(`(env -i setsid ${SLEEP} & echo $!)`, { cwd: folder })
      expect(await killProcesses(workingBelow(folder))).toEqual([])
      expect(isAlive(pid)).toBe(false)
      await rm(folder, { recursive: true })
    },
  )

  test('spares this process and those it descends from, whatever is picked', async () => {
    const line = lineOf(process.pid)(listProcesses())
    const { shell } = await startScript(`echo $$; exec ${SLEEP}`)
    const picked = killProcesses((all) =>
      all.filter(({ pid }) => pid === shell || line.some((process) => process.pid === pid)),
    )
    expect(await picked).toEqual([])
    expect(isAlive(shell)).toBe(false)
    expect(line.every(({ pid }) => isAlive(pid))).toBe(true)
  })

  test('outruns processes that fork all the time', async () => {
    const marker = `MARKER=${crypto.randomUUID()}`
    const [name = '', value = ''] = marker.split('=')
    const fork = 'f() { sleep 0.01 & sleep 0.01 & wait; f; }; echo $$; f & f'
    const { shell } = await startScript(fork, { env: { [name]: value } })
    expect(await killProcesses(startedWith(marker))).toEqual([])
    expect(isAlive(shell)).toBe(false)
  })

  test('spares a folder whose name only begins alike', () => {
    const self = listProcesses().filter(({ pid }) => pid === process.pid)
    expect(workingBelow(process.cwd())(self)).toHaveLength(1)
    expect(workingBelow(process.cwd().slice(0, -1))(self)).toHaveLength(0)
  })
})

describe('selections', () => {
  test('a process belongs to its user', () => {
    const some = [1, 2, 3].map((pid) => ({ pid, ppid: 1, uid: pid === 2 ? 20_000 : 0 }))
    expect(ownedBy(20_000)(some).map(({ pid }) => pid)).toEqual([2])
  })

  test('nothing picks the whole system by mistake', () => {
    expect(() => descendantsOf(0)).toThrow(RangeError)
    expect(() => descendantsOf(Number.NaN)).toThrow(RangeError)
    expect(() => ownedBy(0)).toThrow(RangeError)
  })

  test('the line of a process leads to the first one', () => {
    const line = lineOf(process.pid)(listProcesses()).map(({ pid }) => pid)
    expect(line.slice(0, 2)).toEqual([process.pid, process.ppid])
    expect(new Set(line).size).toBe(line.length)
  })

  test('a zombie is no process', () => {
    const status = (state: string) =>
      `Name:\ta b\nState:\t${state}\nPid:\t7\nPPid:\t1\nUid:\t0\t0\t0\t0`
    expect(parseProcStatus(status('Z (zombie)'))).toEqual([])
    expect(parseProcStatus(status('S (sleeping)'))).toEqual([{ pid: 7, ppid: 1, uid: 0 }])
  })
})
