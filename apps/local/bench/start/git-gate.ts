import { once } from 'node:events'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Stands before the Git host. While it is closed clones wait at it, so that a build that has begun
 * takes no processor from one that is about to, as it would not in a container of its own.
 */
export async function startGitGate() {
  let target = ''
  let isOpen = true
  const waiting: (() => void)[] = []
  const pass = (request: IncomingMessage, response: ServerResponse) => {
    const { method, headers } = request
    const onward = forward(new URL(request.url ?? '/', target), { method, headers })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  }
  const server = createServer((request, response) => {
    if (isOpen) pass(request, response)
    else waiting.push(() => pass(request, response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setTarget(url: string): void {
      target = url
    },
    close(): void {
      isOpen = false
    },
    open(): void {
      isOpen = true
      for (const go of waiting.splice(0)) go()
    },
    async stop(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
