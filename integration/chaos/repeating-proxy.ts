/**
 * Stands between the Git host and the client Worker, and delivers some webhooks twice, as providers
 * do: both at once, again some seconds later, or again under an id of its own.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { v4Envelope, WebhookResult } from '@workers-builds/contracts'
import { planRepeats, type Repeat } from './plan.ts'
import { untilAnswered } from './until.ts'

const Answer = v4Envelope(WebhookResult)

export async function startRepeatingProxy({ seed }: { seed: number }) {
  const counts: Partial<Record<Exclude<Repeat['kind'], 'once'>, number>> = {}
  const complaints: string[] = []
  const later: Promise<void>[] = []
  const plan = planRepeats({ seed })
  let target: string | undefined

  const server = createServer(async (request, response) => {
    try {
      const webhook = await readWebhook(request)
      const { kind, pause_ms } = plan.next().value
      const deliver = () => post(target, webhook)
      const answers = await firstAnswers(kind === 'at_once' ? [deliver(), deliver()] : [deliver()])
      const [answer] = answers
      if (answer === undefined) throw new Error('the Workers are down')
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body))
      const first = buildsOf(answer)
      const check = (again: Posted) => {
        if (kind === 'once' || !again.ok) return
        counts[kind] = (counts[kind] ?? 0) + 1
        const others = buildsOf(again).filter((build_uuid) => !first.includes(build_uuid))
        if (others.length > 0) complaints.push(`a webhook told ${kind} made ${others.join()} too`)
      }
      for (const again of answers.slice(1)) check(again)
      if (kind === 'later' || kind === 'other_id') {
        later.push(
          pause(pause_ms)
            .then(() =>
              untilAnswered(() => post(target, kind === 'later' ? webhook : renamed(webhook))),
            )
            .then(check),
        )
      }
    } catch {
      // What is behind is down: to the Git host it looks as it would without us.
      response.destroy()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How many webhooks were taken twice, by how they came. */
    counts,
    /** Webhooks that made another build when they came again. */
    complaints,
    setTarget(url: string) {
      target = url
    },
    /** Resolves when nothing is left to be repeated. */
    async settled() {
      await Promise.all(later)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Webhook {
  path: string
  headers: Record<string, string>
  body: Buffer<ArrayBuffer>
}

interface Posted {
  ok: boolean
  status: number
  body: unknown
}

async function readWebhook(request: IncomingMessage): Promise<Webhook> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const names = Object.keys(request.headers).filter((name) => /^(?:content-type$|x-)/.test(name))
  return {
    path: request.url ?? '/',
    headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
    body: Buffer.concat(chunks),
  }
}

function renamed(webhook: Webhook): Webhook {
  return { ...webhook, headers: { ...webhook.headers, 'x-github-delivery': randomUUID() } }
}

async function post(target: string | undefined, { path, headers, body }: Webhook): Promise<Posted> {
  if (target === undefined) throw new Error('nothing is behind the proxy yet')
  const answer = await fetch(new URL(path, target), { method: 'POST', headers, body })
  if (answer.status >= 500) throw new Error(`status ${answer.status}`)
  return { ok: answer.ok, status: answer.status, body: await answer.json() }
}

/** Those that came, in the order in which they were asked for. */
async function firstAnswers(asked: Promise<Posted>[]): Promise<Posted[]> {
  const settled = await Promise.allSettled(asked)
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

function buildsOf({ body }: Posted): string[] {
  const { build_uuids, decisions } = Answer.parse(body).result
  return [...build_uuids, ...decisions.flatMap(({ build_uuid }) => build_uuid ?? [])]
}
