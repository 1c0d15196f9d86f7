/** An endpoint that takes what Sentry's SDKs send: envelopes, lines of JSON over HTTP. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const EnvelopeHeader = z.looseObject({ event_id: z.string(), dsn: z.string().optional() })
const ItemHeader = z.looseObject({ type: z.string(), length: z.int().optional() })

export const SentryEvent = z.looseObject({
  release: z.string(),
  environment: z.string(),
  tags: z.record(z.string(), z.unknown()).default({}),
  exception: z.object({
    values: z.array(
      z.looseObject({
        type: z.string(),
        value: z.string(),
        stacktrace: z.object({ frames: z.array(z.looseObject({})) }).optional(),
      }),
    ),
  }),
})
export type SentryEvent = z.infer<typeof SentryEvent>

export async function startSentryIngest() {
  const events: SentryEvent[] = []
  /** Bodies and headers as they came, to look for what must not be in them. */
  const received: string[] = []
  const problems: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    received.push(JSON.stringify(request.headers), request.url ?? '', body)
    try {
      if (!/^\/api\/\d+\/envelope\/\?.*sentry_key=\w+/.test(request.url ?? '')) {
        throw new Error(`no envelope endpoint: ${request.url}`)
      }
      const [header = '', ...rest] = body.trimEnd().split('\n')
      EnvelopeHeader.parse(JSON.parse(header))
      for (let at = 0; at < rest.length; at += 2) {
        const { type } = ItemHeader.parse(JSON.parse(rest[at] ?? ''))
        const payload: unknown = JSON.parse(rest[at + 1] ?? '')
        if (type === 'event') events.push(SentryEvent.parse(payload))
        else throw new Error(`an item of type ${type} was sent`)
      }
      response.end('{}')
    } catch (error) {
      problems.push(String(error))
      response.writeHead(400).end('{}')
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    dsn: `http://public@127.0.0.1:${port}/42`,
    events,
    received,
    problems,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
