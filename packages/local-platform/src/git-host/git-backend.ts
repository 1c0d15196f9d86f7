import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { PLAIN_GIT } from './git.ts'

/** The longest head that a CGI answer may have. */
const MAX_HEAD_BYTES = 16_384

let program: string | undefined

function gitHttpBackend(): string {
  const folder = () => execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim()
  program ??= join(folder(), 'git-http-backend')
  return program
}

/** Answers `request` by running `git http-backend`, a CGI program, on the repository `path`. */
export async function runGitBackend({
  root,
  path,
  request,
  response,
}: {
  root: string
  path: string
  request: IncomingMessage
  response: ServerResponse
}): Promise<void> {
  const { headers } = request
  const { PATH } = process.env
  const child = spawn(gitHttpBackend(), {
    env: {
      ...PLAIN_GIT,
      PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: new URL(request.url ?? '/', 'http://host').search.slice(1),
      REQUEST_METHOD: request.method,
      REMOTE_USER: 'x-access-token',
      REMOTE_ADDR: request.socket.remoteAddress,
      CONTENT_TYPE: headers['content-type'],
      CONTENT_LENGTH: headers['content-length'],
      HTTP_CONTENT_ENCODING: headers['content-encoding'],
      GIT_PROTOCOL: headers['git-protocol']?.toString(),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  response.once('close', () => child.kill())
  // The event is over when the caller left before we came here; git would wait for it for good.
  if (request.socket.destroyed) child.kill()
  child.stdin.on('error', () => {}) // it may answer before it has read everything
  request.pipe(child.stdin)

  let head = Buffer.alloc(0)
  for await (const chunk of child.stdout) {
    if (response.headersSent) {
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), exited])
      continue
    }
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0 && head.length > MAX_HEAD_BYTES) break
    if (end < 0) continue
    const { status, fields } = parseHead(head.subarray(0, end).toString())
    response.writeHead(status, fields)
    response.write(head.subarray(end + 4))
  }
  if (!response.headersSent) response.writeHead(500)
  response.end()
}

/** `Status: 404 Not Found` and header lines; 200 when there is no status. */
function parseHead(head: string): { status: number; fields: [string, string][] } {
  const lines = head.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const status = lines.find(([name]) => name === 'Status')?.[1]
  return {
    status: status === undefined ? 200 : Number.parseInt(status, 10),
    fields: lines.filter(([name]) => name !== 'Status'),
  }
}
