/**
 * A real HTTP server that webhooks are sent to. `POST /KEY/BEHAVIOUR` is answered as the behaviour
 * says; `GET /KEY` returns what came for that key, in order.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    webhookReceiver: string
  }
}

export type Received = { path: string; headers: Record<string, string>; body: string }

const received = new Map<string, Received[]>()

export default async function startWebhookReceiver(project: TestProject) {
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  project.provide('webhookReceiver', `http://127.0.0.1:${address.port}`)
  return async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/'
  const [, key = '', behaviour = ''] = path.split('/')
  const before = received.get(key) ?? []
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(before))
    return
  }
  const body = (await request.toArray()).join('')
  received.set(key, [...before, { path, headers: request.headers as Record<string, string>, body }])
  const times = before.filter((earlier) => earlier.path === path).length
  switch (behaviour) {
    case 'ok':
      return void response.writeHead(204).end()
    case 'hang':
      return // It never answers.
    case 'drop':
      return void response.destroy()
    case 'redirect':
      return void response.writeHead(307, { location: `/${key}/ok` }).end()
    case 'flaky':
      return void response.writeHead(times < 2 ? 500 : 200).end()
    case 'busy':
      return void response.writeHead(503, { 'retry-after': '600' }).end()
    case 'endless':
      response.writeHead(200)
      response.write('a'.repeat(1024 * 1024))
      return // And it never ends.
    default:
      return void response.writeHead(Number(behaviour)).end('do not quote me')
  }
}
