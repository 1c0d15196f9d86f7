import { Health } from '@workers-builds/contracts'
import { sendSignal } from '@workers-builds/local-platform/processes'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { descendantsOf, listProcesses } from '@workers-builds/process-tree'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { computeHostProcess } from './chaos/compute-host-process.ts'
import { useStack } from './support/test-stack.ts'

const host = computeHostProcess()
const stack = useStack('health', () => ({
  startHost: host.startHost,
  // Scheduler is failing some seconds after the database, and well again soon after it.
  patience: { latestPassMs: 15_000, backOffLongestMs: 3_000 },
  ownPostgres: true,
}))

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

test('a compute host that died is reported, and so is its return', async () => {
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

test('without a database, the other parts are reported; Scheduler after a while too', async () => {
  signalPostgres('SIGKILL')
  await waitForHealth(...WITHOUT_DATABASE)
  await waitForHealth(...WITHOUT_DATABASE, 'scheduler: failing')
  await stack.parts.startPostgres()
  await waitForHealth()
})
