import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A TCP port of this machine that nobody listens on: the first of `preferred` that is still free,
 * so that an address survives a restart, otherwise any.
 */
export async function freePort({
  preferred = [],
}: {
  preferred?: (number | undefined)[]
} = {}): Promise<number> {
  for (const port of preferred) if (port !== undefined && (await isFree(port))) return port
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had')
  return address.port
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true))
    })
  })
}
