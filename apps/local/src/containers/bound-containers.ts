import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { INSTANCES, type InstanceType } from '@workers-builds/contracts'
import type { ContainerEngine } from './engine.ts'

/** As many as a build on a host may have. */
const MAX_PROCESSES = 4_096

/**
 * Keeps the containers of a Worker to the memory of an instance, as the platform does, and to a number of
 * processes. workerd starts them without a limit, and one build would take what the whole machine has.
 * A container is bound a moment after it starts, before its build begins. Answers with what ends that.
 */
export function boundContainers(
  engine: ContainerEngine,
  {
    worker,
    instance_type,
    warn,
  }: { worker: string; instance_type: InstanceType; warn: (line: string) => void },
): { close(): Promise<void> } {
  const memory = `${INSTANCES[instance_type].memory_mib}m`
  const isOfBuild = new RegExp(`^workerd-${worker}-BuildBuddy-[0-9a-f]+$`)
  const events = spawn(
    engine.program,
    [
      ...['events', '--filter', 'type=container', '--filter', 'event=start'],
      ...['--format', '{{.Actor.Attributes.name}}'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const exited = once(events, 'exit').catch((error: unknown) => warn(`${error}`))
  createInterface(events.stdout).on('line', (name) => {
    if (!isOfBuild.test(name)) return
    engine
      .docker(
        ...['update', `--memory=${memory}`, `--memory-swap=${memory}`],
        ...[`--pids-limit=${MAX_PROCESSES}`, name],
      )
      .catch((error: unknown) => {
        // It may be over already.
        if (!/No such container/i.test(`${error}`)) warn(`${name} has no limits: ${error}`)
      })
  })
  return {
    close: async () => {
      events.kill('SIGKILL')
      await exited
    },
  }
}
