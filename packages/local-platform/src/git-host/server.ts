import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type FakeGitHub, fakeGitHub } from '@workers-builds/git-providers/testing'
import { freePort } from '../net/free-port.ts'
import { runGitBackend } from './git-backend.ts'
import { findGitRepository } from './git-repository.ts'

export interface RunningGitHost {
  url: string
  /** Where GitHub's REST API is: as at a GitHub Enterprise Server. */
  api_url: string
  close(): Promise<void>
}

/** `/owner/name.git/service`, with or without `.git`; only what a clone or a fetch asks for. */
const PATH = /^\/([\w-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack)$/

const API_PREFIX = '/api/v3'

/** What the App, when there is one, may do to every repository here. */
const APP_PERMISSIONS = { contents: 'read', checks: 'write' } as const

/**
 * Serves the bare repositories `<root>/<owner>/<name>.git` for reading, over git's smart HTTP, as
 * GitHub does to an app: the user is `x-access-token`, the password the token. Beside that it
 * speaks GitHub's REST API, and gives the App that is installed here tokens for one repository.
 */
export async function startGitHost({
  root,
  token,
  app,
  owner,
  port,
}: {
  root: string
  /** Reads every repository. */
  token: string
  /** The GitHub App that is installed here: its id, and its public key as PEM. */
  app?: { app_id: string; public_key: string }
  /** Whose account the App is installed on. */
  owner?: string
  /** Taken where it is free. */
  port?: number | undefined
}): Promise<RunningGitHost> {
  const installation = {
    id: 1,
    ...(owner !== undefined && { owner }),
    repository_ids: [] as number[],
    permissions: APP_PERMISSIONS,
  }
  const gitHub = fakeGitHub({
    tokens: [token],
    ...(app && { app }),
    installations: [installation],
    async findRepository(owner, name) {
      const repository = await findGitRepository(root, owner, name)
      // The App is installed on all of them.
      if (repository && !installation.repository_ids.includes(repository.id)) {
        installation.repository_ids.push(repository.id)
      }
      return repository
    },
  })
  const answerApi = getRequestListener((request) => {
    const url = new URL(request.url)
    url.pathname = url.pathname.slice(API_PREFIX.length)
    return gitHub.fetch(new Request(url, request))
  })
  const server = createServer((request, response) => {
    if (request.url?.startsWith(`${API_PREFIX}/`)) return void answerApi(request, response)
    answer({ root, gitHub, request, response }).catch((error: unknown) => {
      console.error('The Git host failed:', error)
      response.destroy()
    })
  })
  server.listen(await freePort({ preferred: [port] }), '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the Git host has no port')
  const url = `http://127.0.0.1:${address.port}`
  return {
    url,
    api_url: `${url}${API_PREFIX}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer({
  root,
  gitHub,
  request,
  response,
}: {
  root: string
  gitHub: FakeGitHub
  request: IncomingMessage
  response: ServerResponse
}): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
  const [, owner = '', name = '', service] = PATH.exec(pathname) ?? []
  const repository = await findGitRepository(root, owner, name)
  const token = tokenOf(request)
  // GitHub shows strangers nothing, not even which repositories there are.
  if (token === undefined || !gitHub.mayClone(token, repository?.id)) {
    response.setHeader('www-authenticate', 'Basic realm="GitHub"')
    return refuse(response, 401, 'Invalid username or token.')
  }
  if (service === undefined || repository === undefined) {
    return refuse(response, 404, 'Repository not found.')
  }
  if (service === 'info/refs' && searchParams.get('service') !== 'git-upload-pack') {
    return refuse(response, 403, 'This repository is pushed to by its path.')
  }
  await runGitBackend({ root, path: `/${owner}/${name}.git/${service}`, request, response })
}

/** The password of the user `x-access-token`. */
function tokenOf(request: IncomingMessage): string | undefined {
  const [scheme, encoded = ''] = request.headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const [, token] = /^x-access-token:(.*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return token
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(message)
}
