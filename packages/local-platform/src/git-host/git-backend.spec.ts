import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { git } from './git.ts'
import { runGitBackend } from './git-backend.ts'

test('a caller that has left before git is started leaves no git behind', async () => {
  const root = await temporaryFolder()
  await git(['init', '--quiet', '--bare', '--template=', 'r.git'], { cwd: root })
  const over = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    request.socket.once('close', () => {
      const path = '/r.git/git-upload-pack'
      runGitBackend({ root, path, request, response }).then(over.resolve, over.reject)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const caller = connect((server.address() as AddressInfo).port, '127.0.0.1')
  caller.write(
    [
      'POST / HTTP/1.1',
      'Host: h',
      'Content-Type: application/x-git-upload-pack-request',
      'Content-Length: 100',
      '\r\n',
    ].join('\r\n'),
  )
  await once(server, 'request')
  caller.destroy()
  await expect(over.promise).resolves.toBeUndefined()
  server.close()
})
