/**
 * `pnpm bench:start`: how long after a push does its build begin? From the webhook's being sent to
 * the timestamp of the runner's first line, both of one clock, on a whole running system with real
 * runner processes. Two systems that differ in Scheduler alone take turns: ours, which a push wakes,
 * and one that polls once a second.
 *
 * idle: single pushes, each at a random moment of the second, when nothing else runs.
 * burst: 50 pushes at once, over 20 accounts. In both systems 50 runners wait for builds, and builds
 * that have begun wait at the Git host until all have, as in containers with processors of their own:
 * otherwise 50 starts of Node, and the work of 50 builds, on a few cores are all that is seen.
 *
 * `--compute containers`: single pushes alone, to a system whose builds run in real containers and to
 * one on the host in turns, and between them what a container takes by itself: made, started and its
 * first command run, asked of the engine's API directly.
 *
 * Prints, last, one line of JSON.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { benchContainers } from './containers.ts'
import { quantile } from './quantile.ts'
import { type Start, type System, startSystem } from './system.ts'

const BURST = 50

const { values } = parseArgs({
  options: {
    idle: { type: 'string', default: '20' },
    bursts: { type: 'string', default: '3' },
    compute: { type: 'string', default: 'host' },
  },
})

function describe(name: string, starts: Start[]): string {
  const median = (part: keyof Start) =>
    quantile(
      starts.map((start) => start[part]),
      0.5,
    )
  return `${name}: after ${median('created')} ms queued, ${median('claimed')} claimed, ${median('initializing')} initializing, ${median('first_line')} first line (medians of ${starts.length})`
}

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

if (values.compute === 'containers') await benchContainers(Number(values.idle))
else await benchHost()

async function benchHost(): Promise<void> {
  const systems: Record<'polling' | 'ours', System> = {
    polling: await startSystem('polling', BURST),
    ours: await startSystem('ours', BURST),
  }
  const idle: Record<'polling' | 'ours', Start[]> = { polling: [], ours: [] }
  const burst: Record<'polling' | 'ours', Start[]> = { polling: [], ours: [] }
  const both = ['polling', 'ours'] as const

  try {
    // The first builds find everything cold.
    for (const name of both) await systems[name].burst(3)
    const untilReady = async () => {
      for (const name of both) await systems[name].untilRunnersWait()
    }
    for (let i = 0; i < Number(values.idle); i++) {
      for (const name of both) {
        await untilReady()
        await delay(1_000 + Math.random() * 1_000)
        idle[name].push(...(await systems[name].burst(1)))
      }
    }
    for (let i = 0; i < Number(values.bursts); i++) {
      for (const name of both) {
        await untilReady()
        await delay(1_000 + Math.random() * 1_000)
        burst[name].push(...(await systems[name].burst(BURST)))
      }
    }
  } finally {
    for (const name of both) await systems[name].stop()
  }

  for (const name of both) {
    console.log(describe(`idle, ${name}`, idle[name]))
    console.log(describe(`burst of ${BURST}, ${name}`, burst[name]))
  }
  const figures = (starts: typeof idle) => {
    const of = (name: 'polling' | 'ours', q: number) =>
      Math.round(
        quantile(
          starts[name].map((start) => start.first_line),
          q,
        ),
      )
    const ratio = Number((of('ours', 0.5) / of('polling', 0.5)).toFixed(3))
    return {
      polling_p50_ms: of('polling', 0.5),
      polling_p99_ms: of('polling', 0.99),
      ours_p50_ms: of('ours', 0.5),
      ours_p99_ms: of('ours', 0.99),
      ratio_p50: ratio,
    }
  }
  const ofBurst = Object.entries(figures(burst)).map(([name, value]) => [`burst_${name}`, value])
  console.log(JSON.stringify({ ...figures(idle), ...Object.fromEntries(ofBurst) }))
}
