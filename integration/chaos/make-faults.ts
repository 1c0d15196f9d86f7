/** Kills one thing after the other, and starts it again, until it is stopped. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Hit } from './check.ts'
import { type FaultKind, planFaults } from './plan.ts'
import type { System } from './system.ts'

/** A build that depends on what was killed may be reported as over some time later. */
const AFTERMATH_MS = 30_000

export interface Faults {
  counts: Partial<Record<FaultKind, number>>
  /** When builds may have lost their container. */
  hits: Hit[]
  /** Resolves when everything runs again; throws when something cannot be started. */
  stop(): Promise<void>
}

export function makeFaults(
  system: System,
  { seed, onFault }: { seed: number; onFault: (fault: string) => void },
): Faults {
  const counts: Faults['counts'] = {}
  const hits: Hit[] = []
  const stopped = new AbortController()

  async function run(): Promise<void> {
    for (const { kind, pause_ms, down_ms, choice } of planFaults({ seed })) {
      await pause(pause_ms, undefined, { signal: stopped.signal }).catch(() => {})
      if (stopped.signal.aborted) return
      const from = Date.now()
      const killed = await system.kill(kind, choice)
      if (killed === null) continue
      counts[kind] = (counts[kind] ?? 0) + 1
      onFault(`killed ${kind}${killed.build_uuid ? ` of build ${killed.build_uuid}` : ''}`)
      await pause(down_ms)
      await system.heal(kind)
      if (kind === 'runner') hits.push({ ...killed, from, to: from })
      if (kind === 'compute_host') hits.push({ from, to: Date.now() + AFTERMATH_MS })
    }
  }

  const running = run()
  running.catch(() => {}) // stop() reports it
  return {
    counts,
    hits,
    async stop() {
      stopped.abort()
      await running
    },
  }
}
