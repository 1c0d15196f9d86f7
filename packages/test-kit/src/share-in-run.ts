type Stoppable = { stop(): Promise<void> }
type Shared = { thing: Promise<Stoppable>; users: number }

const KEY = Symbol.for('@workers-builds/test-kit/shared-in-run')
const holder = globalThis as { [KEY]?: Map<string, Shared> }
/** Each project of a run loads its global setup anew, in one process. */
holder[KEY] ??= new Map()
const shared = holder[KEY]

/**
 * What the projects of one test run have in common: the first that asks for `name` starts it, and it
 * stops when each of them has called its `stop`.
 */
export async function shareInRun<Thing extends Stoppable>(
  name: string,
  start: () => Promise<Thing>,
): Promise<Thing> {
  const entry = shared.get(name) ?? { thing: start(), users: 0 }
  shared.set(name, entry)
  entry.users++
  const thing = (await entry.thing) as Thing
  return {
    ...thing,
    async stop() {
      if (--entry.users > 0) return
      shared.delete(name)
      await thing.stop()
    },
  }
}
