/** The compute host as a process of its own, so that it can be killed and started again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { HostOptions } from '@workers-builds/local/stack'

const { resolve } = createRequire(import.meta.url)
const PROGRAM = join(dirname(resolve('@workers-builds/compute-host')), 'compute-host.app.ts')

export function computeHostProcess() {
  let current: { pid: number; exited: Promise<unknown>; url: string } | undefined
  let given: HostOptions | undefined
  const running = () => {
    if (current === undefined) throw new Error('the compute host was not started')
    return current
  }

  async function start(
    { token, buildsDir, cacheDir, log }: HostOptions,
    port: string,
  ): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM], {
      env: {
        ...process.env,
        COMPUTE_HOST_PORT: port,
        COMPUTE_HOST_TOKEN: token,
        COMPUTE_HOST_BUILDS_DIR: buildsDir,
        COMPUTE_HOST_CACHE_DIR: cacheDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = once(child, 'exit')
    const killWithUs = () => child.kill('SIGKILL')
    process.once('exit', killWithUs)
    exited.then(() => process.off('exit', killWithUs))
    createInterface(child.stderr).on('line', log)
    const lines = createInterface(child.stdout)
    const [line] = await Promise.race([
      once(lines, 'line'),
      exited.then(([code]) => {
        throw new Error(`the compute host ended with ${code} while it started`)
      }),
    ])
    const url = String(line).match(/http:\S+/)?.[0]
    if (url === undefined || child.pid === undefined) throw new Error(`not an address: ${line}`)
    current = { pid: child.pid, exited, url }
  }

  return {
    buildsDir: () => given?.buildsDir ?? '',
    pid: () => running().pid,
    /** For `startStack`. */
    async startHost(options: HostOptions) {
      given = options
      await start(options, '0')
      const close = async () => {
        process.kill(running().pid, 'SIGTERM')
        await running().exited
      }
      return { url: running().url, close }
    },
    /** Kills it hard; `heal` starts it again at its old address. */
    async kill() {
      process.kill(running().pid, 'SIGKILL')
      await running().exited
    },
    async heal() {
      if (given === undefined) throw new Error('the compute host was not started')
      await start(given, new URL(running().url).port)
    },
  }
}
