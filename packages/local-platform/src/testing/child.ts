import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { endProcess } from '../processes/process.ts'

/** Starts a process that does nothing until it is ended, at the latest with the test. */
export async function startIdleChild({
  script = 'setInterval(() => {}, 1e6)',
  env = {},
}: {
  script?: string
  env?: Record<string, string>
} = {}) {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('ready')`], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  const { pid } = child
  if (pid === undefined) throw new Error('the child was not started')
  onTestFinished(() => endProcess({ pid, signals: ['SIGKILL'] }))
  return { pid, exited }
}
