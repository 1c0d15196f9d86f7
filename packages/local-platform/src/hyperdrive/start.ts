import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { freePort } from '../net/free-port.ts'
import { ClientConnection } from './client-connection.ts'
import { createPool, type PoolLimits } from './pool.ts'

export interface Hyperdrive {
  /** What the Workers connect to. */
  connectionString: string
  close(): Promise<void>
}

/**
 * Stands in for Hyperdrive in front of the server at `databaseUrl`, on this machine and without TLS:
 * each transaction is given a connection that is already open, and a client that has none under way
 * holds none. It refuses what the real one refuses, with its errors. Unlike the real one it caches no
 * answers.
 * Sources: https://developers.cloudflare.com/hyperdrive/concepts/how-hyperdrive-works/ and
 * https://developers.cloudflare.com/hyperdrive/observability/troubleshooting/
 */
export async function startHyperdrive({
  databaseUrl,
  ...limits
}: {
  databaseUrl: string
} & PoolLimits): Promise<Hyperdrive> {
  const { hostname: host, port, password } = new URL(databaseUrl)
  const login = {
    address: { host, port: Number(port) },
    password: decodeURIComponent(password),
  }
  const pool = createPool(login, limits)
  const origin = { pool, password: login.password, cancelKeys: new Map() }
  const clients = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    clients.add(socket)
    socket.on('close', () => clients.delete(socket))
    new ClientConnection(socket, origin)
  })
  const own = await freePort({ preferred: [] })
  server.listen(own, '127.0.0.1')
  await once(server, 'listening')
  const connectionString = Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${own}` }).href
  return {
    connectionString,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of clients) socket.destroy()
      pool.close()
      await closed
    },
  }
}
