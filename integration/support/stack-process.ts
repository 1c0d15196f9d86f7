/** A whole system in a process of its own, so that a test can kill it hard. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import { Address } from './api-client.ts'
import type {} from './bundles.global-setup.ts'

const PROGRAM = fileURLToPath(new URL('run-stack.ts', import.meta.url))

export async function startStackProcess(dir: string) {
  const bundles = JSON.stringify(inject('workerBundles'))
  const child = spawn(process.execPath, [PROGRAM, dir, bundles], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(([code]) => {
      throw new Error(`the system ended with ${code} while it started`)
    }),
  ])
  return {
    address: Address.parse(JSON.parse(line)),
    async end(signal: 'SIGTERM' | 'SIGKILL') {
      child.kill(signal)
      await exited
    },
  }
}
