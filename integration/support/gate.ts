import { once } from 'node:events'
import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a gate does with a request instead of letting it pass as it came. */
export type Interference =
  | { answer: number }
  /** Break the connection. */
  | 'break'
  /** Never answer. */
  | 'hold'
  /** Let it pass, changed. */
  | { path?: string; authorization?: string }

/** Stands before a server, and lets its callers meet what a test wants them to. */
export async function startGate() {
  let target = ''
  const gate = {
    interfere: (_request: IncomingMessage): Interference | undefined => undefined,
  }
  const server = createServer((request, response) => {
    const interference = gate.interfere(request)
    if (interference === 'hold') return
    if (interference === 'break') return void response.destroy()
    if (interference !== undefined && 'answer' in interference) {
      return void response.writeHead(interference.answer).end()
    }
    const { path = request.url, authorization = request.headers.authorization } = interference ?? {}
    const onward = forward(new URL(path ?? '/', target), {
      method: request.method,
      headers: { ...request.headers, ...(authorization !== undefined && { authorization }) },
    })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(gate, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setTarget(url: string) {
      target = url
    },
    /** Lets everything pass again. */
    open() {
      gate.interfere = () => undefined
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
