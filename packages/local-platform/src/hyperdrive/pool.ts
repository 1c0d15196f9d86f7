import { type Address, ServerConnection } from './server-connection.ts'

/** About as many as Hyperdrive keeps for a database on a paid plan. */
const SIZE = 100
const PATIENCE_MS = 15_000

export type PoolLimits = {
  /** Most connections at once. */
  size?: number
  /** How long a client waits for one when all are in use. */
  patienceMs?: number
}
export type Pool = ReturnType<typeof createPool>

/** Connections to the database at `address` that are kept open from one client to the next. */
export function createPool(
  address: Address,
  { size = SIZE, patienceMs = PATIENCE_MS }: PoolLimits = {},
) {
  const open = new Set<ServerConnection>()
  const idle: ServerConnection[] = []
  const waiting: (() => void)[] = []

  function remove(server: ServerConnection): void {
    open.delete(server)
    const at = idle.indexOf(server)
    if (at >= 0) idle.splice(at, 1)
    server.close()
    waiting.shift()?.()
  }

  /** One that is free, or for which there is room. */
  function takeNow(startup: Buffer): ServerConnection | undefined {
    const at = idle.findLastIndex((server) => server.startup.equals(startup))
    const [free] = at < 0 ? [] : idle.splice(at, 1)
    if (free !== undefined) return free
    const [other] = idle
    if (open.size >= size && other !== undefined) remove(other)
    if (open.size >= size) return undefined
    const server = new ServerConnection(address, startup)
    open.add(server)
    return server
  }

  return {
    /** A connection that was opened with `startup`; undefined when there was none in time. */
    async take(startup: Buffer): Promise<ServerConnection | undefined> {
      const deadline = Date.now() + patienceMs
      for (;;) {
        const server = takeNow(startup)
        if (server !== undefined) return server
        const left = deadline - Date.now()
        if (left <= 0) return undefined
        const { promise, resolve } = Promise.withResolvers<void>()
        waiting.push(resolve)
        const timer = setTimeout(resolve, left)
        await promise
        clearTimeout(timer)
        const at = waiting.indexOf(resolve)
        if (at >= 0) waiting.splice(at, 1)
      }
    },

    /** Takes back a connection whose client said goodbye, for the next one. */
    async release(server: ServerConnection): Promise<void> {
      if (!(await server.reset())) return remove(server)
      server.listener = { receive: () => true, closed: () => remove(server) }
      idle.push(server)
      waiting.shift()?.()
    },

    /** Closes a connection whose client is gone, in the middle of something perhaps. */
    remove,

    close(): void {
      for (const server of open) server.close()
    },
  }
}
