import { type Address, ServerConnection } from './server-connection.ts'

/** About as many as Hyperdrive keeps for a database on a paid plan. */
const SIZE = 100
const PATIENCE_MS = 15_000

export type PoolLimits = {
  /** Most connections at once. */
  size?: number
  /** How long a transaction waits for one when all are in use. */
  patienceMs?: number
}
export type Pool = ReturnType<typeof createPool>

type Waiting = { startup: Buffer; give(server: ServerConnection | undefined): void }

/**
 * Connections to the database at `address`, each given out for one transaction at a time. A client
 * has at most one of them and waits for none while it has one, so the pool cannot wait for itself.
 */
export function createPool(
  { address, password }: { address: Address; password: string },
  { size = SIZE, patienceMs = PATIENCE_MS }: PoolLimits = {},
) {
  const open = new Set<ServerConnection>()
  const idle: ServerConnection[] = []
  const waiting: Waiting[] = []
  const settings = new Map<string, Buffer>()

  function remove(server: ServerConnection): void {
    open.delete(server)
    const at = idle.indexOf(server)
    if (at >= 0) idle.splice(at, 1)
    server.close()
    serveWaiting()
  }

  /** One that is free, or for which there is room. */
  function takeNow(startup: Buffer): ServerConnection | undefined {
    const at = idle.findLastIndex((server) => server.startup.equals(startup))
    const [free] = at < 0 ? [] : idle.splice(at, 1)
    if (free !== undefined) return free
    if (open.size >= size) {
      const other = idle.shift()
      if (other === undefined) return undefined
      open.delete(other)
      other.close()
    }
    const server = new ServerConnection(address, { startup, password })
    open.add(server)
    return server
  }

  function serveWaiting(): void {
    for (;;) {
      const [first] = waiting
      const server = first && takeNow(first.startup)
      if (first === undefined || server === undefined) return
      waiting.shift()
      first.give(server)
    }
  }

  /**
   * A connection that was opened with `startup`, or is being opened; undefined when there was none
   * in time. Who waits longest is served first.
   */
  async function take(startup: Buffer): Promise<ServerConnection | undefined> {
    const server = waiting.length === 0 ? takeNow(startup) : undefined
    if (server !== undefined) return server
    const { promise, resolve } = Promise.withResolvers<ServerConnection | undefined>()
    const place = { startup, give: resolve }
    waiting.push(place)
    const timer = setTimeout(() => {
      const at = waiting.indexOf(place)
      if (at >= 0) waiting.splice(at, 1)
      resolve(undefined)
    }, patienceMs)
    const given = await promise
    clearTimeout(timer)
    return given
  }

  /** Takes back a connection after a transaction, for the next one. */
  function release(server: ServerConnection): void {
    if (!open.has(server)) return
    if (!server.isIdle) {
      remove(server)
      return
    }
    server.listener = { receive: () => true, idle: () => {}, closed: () => remove(server) }
    server.reset()
    idle.push(server)
    serveWaiting()
  }

  return {
    take,
    release,

    /** Closes a connection whose client is gone, in the middle of something perhaps. */
    remove,

    /** What the server reported to the first client with this startup packet, if there was one. */
    settingsFor: (startup: Buffer): Buffer | undefined => settings.get(startup.toString('latin1')),

    keepSettings({ startup, settings: reported }: ServerConnection): void {
      settings.set(startup.toString('latin1'), reported)
    },

    close(): void {
      for (const server of open) server.close()
    },
  }
}
