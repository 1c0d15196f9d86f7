import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { PushEvent } from '@octokit/webhooks-types'
import { v4Success } from '@workers-builds/contracts'
import { onTestFinished } from 'vitest'

export interface ReceivedWebhook {
  path: string
  headers: Record<string, unknown>
  body: Buffer
  event: PushEvent
}

/** Takes webhooks in the client Worker's place; answers each with the status that is next. */
export async function startWebhookReceiver({ statuses = [] }: { statuses?: number[] } = {}) {
  const received: ReceivedWebhook[] = []
  const builds: string[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const { url = '', headers } = request
    received.push({ path: url, headers, body, event: JSON.parse(body.toString()) })
    const status = statuses.shift() ?? 200
    const build_uuid = crypto.randomUUID()
    if (status === 200) builds.push(build_uuid)
    const result = {
      event: 'push',
      duplicate: false,
      build_uuids: [build_uuid],
      ignored: null,
      decisions: [],
    }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status === 200 ? v4Success(result) : { errors: [] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  return { url: `http://127.0.0.1:${port}`, received, builds }
}
