/** A whole system in a process of its own, so that a test can kill it hard, or many can use it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StackOptions } from '@workers-builds/local/stack'
import { z } from 'zod'
import { Address } from './api-client.ts'

const PROGRAM = fileURLToPath(new URL('run-stack.ts', import.meta.url))

/** What such a system prints of itself. */
export const StackAddress = Address.extend({
  databaseUrl: z.url(),
  git_host: z.object({ api_url: z.url(), token: z.string() }),
})
export type StackAddress = z.infer<typeof StackAddress>

export async function startStackProcess(
  dir: string,
  options: Pick<StackOptions, 'bundles' | 'patience' | 'readablePaths'> = {},
) {
  const child = spawn(process.execPath, [PROGRAM, dir, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(([code]) => {
      throw new Error(`the system ended with ${code} while it started`)
    }),
  ])
  return {
    address: StackAddress.parse(JSON.parse(line)),
    async end(signal: 'SIGTERM' | 'SIGKILL') {
      child.kill(signal)
      await exited
    },
  }
}
