import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { freePort } from '../net/free-port.ts'
import { runGitBackend } from './git-backend.ts'

export interface RunningGitHost {
  url: string
  close(): Promise<void>
}

/** `/owner/name.git/service`, with or without `.git`; only what a clone or a fetch asks for. */
const PATH = /^\/([\w-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack)$/

/**
 * Serves the bare repositories `<root>/<owner>/<name>.git` for reading, over git's smart HTTP, as
 * GitHub does to an app: the user is `x-access-token`, the password the token.
 */
export async function startGitHost({
  root,
  token,
  port,
}: {
  root: string
  token: string
  /** Taken where it is free. */
  port?: number | undefined
}): Promise<RunningGitHost> {
  const server = createServer((request, response) => {
    answer({ root, token, request, response }).catch((error: unknown) => {
      console.error('The Git host failed:', error)
      response.destroy()
    })
  })
  server.listen(await freePort({ preferred: [port] }), '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the Git host has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer({
  root,
  token,
  request,
  response,
}: {
  root: string
  token: string
  request: IncomingMessage
  response: ServerResponse
}): Promise<void> {
  if (!mayRead(request, token)) {
    response.setHeader('www-authenticate', 'Basic realm="GitHub"')
    return refuse(response, 401, 'Invalid username or token.')
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
  const [, owner = '', name = '', service] = PATH.exec(pathname) ?? []
  const repository = `${owner}/${name}.git`
  if (service === undefined || !existsSync(join(root, repository, 'HEAD'))) {
    return refuse(response, 404, 'Repository not found.')
  }
  if (service === 'info/refs' && searchParams.get('service') !== 'git-upload-pack') {
    return refuse(response, 403, 'This repository is pushed to by its path.')
  }
  await runGitBackend({ root, path: `/${repository}/${service}`, request, response })
}

/** GitHub tells strangers nothing, not even which repositories there are. */
function mayRead(request: IncomingMessage, token: string): boolean {
  const [scheme, encoded = ''] = request.headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'basic') return false
  const given = Buffer.from(Buffer.from(encoded, 'base64').toString())
  const expected = Buffer.from(`x-access-token:${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(message)
}
