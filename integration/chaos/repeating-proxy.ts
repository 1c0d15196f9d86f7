/**
 * Stands between the Git host and the client Worker, and delivers some webhooks twice, as providers
 * do: both at once, again some seconds later, or again under an id of its own.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { v4Envelope, WebhookResult } from '@workers-builds/contracts'
import { waitFor } from '@workers-builds/local-platform/waiting'
import { readBody, startProxy } from '@workers-builds/test-kit/http'
import { planRepeats, type Repeat } from './plan.ts'
import { WHILE_DOWN } from './while-down.ts'

const Answer = v4Envelope(WebhookResult)

export async function startRepeatingProxy({ seed }: { seed: number }) {
  const counts: Partial<Record<Exclude<Repeat['kind'], 'once'>, number>> = {}
  const complaints: string[] = []
  const later: Promise<void>[] = []
  const plan = planRepeats({ seed })

  const proxy = await startProxy(async ({ request, response, target }) => {
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
      if (others.length > 0) {
        complaints.push(`a webhook delivered ${kind} created ${others.join()} too`)
      }
    }
    for (const again of answers.slice(1)) check(again)
    if (kind === 'later' || kind === 'other_id') {
      const repeated = kind === 'later' ? webhook : renamed(webhook)
      later.push(
        pause(pause_ms)
          .then(() => waitFor('a webhook to be taken', () => post(target, repeated), WHILE_DOWN))
          .then(check),
      )
    }
  })
  return {
    ...proxy,
    /** How many webhooks were taken twice, by how they came. */
    counts,
    /** Webhooks that made another build when they came again. */
    complaints,
    /** Resolves when nothing is left to be repeated. */
    async settled() {
      await Promise.all(later)
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
  const names = Object.keys(request.headers).filter((name) => /^(?:content-type$|x-)/.test(name))
  return {
    path: request.url ?? '/',
    headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
    body: await readBody(request),
  }
}

function renamed(webhook: Webhook): Webhook {
  return { ...webhook, headers: { ...webhook.headers, 'x-github-delivery': randomUUID() } }
}

async function post(target: string, { path, headers, body }: Webhook): Promise<Posted> {
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
