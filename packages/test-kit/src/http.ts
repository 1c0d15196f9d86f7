import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  request as sendRequest,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface HttpServer {
  url: string
  /** Breaks the connections that are open, and resolves when nobody listens any more. */
  close(): Promise<void>
}

/** An HTTP server on a free port of this machine. */
export async function startServer(handle: RequestListener): Promise<HttpServer> {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface HttpProxy extends HttpServer {
  /** Where requests go from now on. */
  setTarget(url: string): void
}

/** One request to a proxy, and where it is to go. */
export interface ProxiedRequest {
  request: IncomingMessage
  response: ServerResponse
  /** Address of the server behind the proxy. */
  target: string
}

/**
 * A proxy before a server that is started later. `handle` answers each request, by default with
 * {@link forward}. What `handle` throws, for instance because the server is down, breaks the
 * connection: the caller sees what it would see without the proxy.
 */
export async function startProxy(
  handle: (proxied: ProxiedRequest) => void | Promise<void> = forward,
): Promise<HttpProxy> {
  let target: string | undefined
  const server = await startServer(async (request, response) => {
    try {
      if (target === undefined) throw new Error('the proxy has no target yet')
      await handle({ request, response, target })
    } catch {
      response.destroy()
    }
  })
  return {
    ...server,
    setTarget(url) {
      target = url
    },
  }
}

/** Passes a request on as it came, or with another `path` or other `headers`, and streams the answer. */
export function forward(
  { request, response, target }: ProxiedRequest,
  { path = request.url ?? '/', headers = {} }: { path?: string; headers?: object } = {},
): void {
  const onward = sendRequest(new URL(path, target), {
    method: request.method,
    headers: { ...request.headers, ...headers },
  })
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  request.pipe(onward)
}

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  return (await buffer(request)) as Buffer<ArrayBuffer>
}
