import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * Takes connections at `host`, by the same port, for what listens on 127.0.0.1: for those who reach
 * this machine by another address, and nobody else. `close` ends them.
 */
export async function startForwarding({
  host,
  port,
}: {
  host: string
  port: number
}): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    const outgoing = connect({ port, host: '127.0.0.1' })
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      // Either end may go at any time; the other one then has nobody to talk to.
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  server.listen({ host, port, exclusive: true })
  await once(server, 'listening')
  return {
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
