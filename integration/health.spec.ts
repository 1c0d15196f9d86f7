import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Health } from '@workers-builds/contracts'
import { type Stack, startStack } from '@workers-builds/local/stack'
import { sendSignal } from '@workers-builds/local-platform/processes'
import { descendantsOf, listProcesses } from '@workers-builds/process-tree'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { computeHostProcess } from './chaos/compute-host-process.ts'
import { waitFor } from './support/api-client.ts'
import { TEST_PROJECT } from './support/test-project.ts'

let dir: string
let stack: Stack
const host = computeHostProcess()

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'workers-builds-health-'))
  await chmod(dir, 0o711)
  stack = await startStack({ dir, project: TEST_PROJECT, startHost: host.startHost })
})

afterAll(async () => {
  await stack?.stop()
  await rm(dir, { recursive: true, force: true })
})

const Answer = z.object({ success: z.boolean(), result: Health })

async function ask() {
  // Less than a connection to a database that hangs may take.
  const response = await fetch(`${stack.url}/health`, { signal: AbortSignal.timeout(9_000) })
  const { success, result } = Answer.parse(await response.json())
  expect([response.status, success]).toEqual(result.healthy ? [200, true] : [503, false])
  return Object.entries(result.parts).flatMap(([part, status]) =>
    status === 'ok' ? [] : [`${part}: ${status}`],
  )
}

async function waitForHealth(...expected: string[]) {
  const what = `the parts that are not well to be: ${expected.join(', ') || 'none'}`
  await waitFor(what, async () => {
    const parts = await ask()
    return parts.toSorted().join() === expected.toSorted().join()
  })
}

/** The server, and with it the processes that serve open connections. */
function signalPostgres(signal: NodeJS.Signals) {
  const server = stack.parts.postgresPid()
  if (server === null) throw new Error('the server is not ours')
  const serving = descendantsOf(server)(listProcesses()).map(({ pid }) => pid)
  for (const pid of [server, ...serving]) sendSignal(pid, signal)
}

const WITHOUT_DATABASE = ['postgres: failing', 'migrations: unknown']

test('a system where all is well says so', () => waitForHealth())

test('a compute host that died is told of, and so is its return', async () => {
  await host.kill()
  try {
    await waitForHealth('compute_host: failing')
  } finally {
    await host.heal()
  }
  await waitForHealth()
})

test('a database that takes connections and answers none holds up no answer', async () => {
  await waitForHealth()
  signalPostgres('SIGSTOP')
  try {
    await waitForHealth(...WITHOUT_DATABASE)
  } finally {
    signalPostgres('SIGCONT')
  }
  await waitForHealth()
})

test('without a database, what is left is told; Scheduler after a while too', async () => {
  signalPostgres('SIGKILL')
  await waitForHealth(...WITHOUT_DATABASE)
  await waitForHealth(...WITHOUT_DATABASE, 'scheduler: failing')
  await stack.parts.startPostgres()
  await waitForHealth()
})
