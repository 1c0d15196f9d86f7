import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LogLine, RunnerRefusal } from '@workers-builds/contracts'
import { RunnerLogFlush, RunnerStatusUpdate } from '@workers-builds/contracts'

type Refusal = NonNullable<RunnerRefusal['result']>

/** What to do with a call instead of answering it properly. */
export type Misbehaviour =
  /** Answer this status and store nothing. */
  | { answer: number; headers?: Record<string, string> }
  /** Store it, then break the connection: the answer is lost. */
  | 'lose_answer'
  /** Break the connection before anything is stored. */
  | 'lose_call'
  /** Never answer. */
  | 'hang'

/**
 * A control plane that checks every call-back against the contracts and refuses as the real one
 * does. `misbehave` is asked first for every call and may let it go wrong.
 */
export class FakeControlPlane extends EventEmitter<{ change: [] }> {
  readonly token = `callback-token-${crypto.randomUUID()}`
  readonly lines: LogLine[] = []
  readonly updates: RunnerStatusUpdate[] = []
  readonly flushes: RunnerLogFlush[] = []
  /** Everything that was wrong with a call. */
  readonly complaints: string[] = []
  calls = 0
  state: 'open' | 'build_stopped' | 'log_closed' = 'open'
  misbehave: (call: { path: string; count: number }) => Misbehaviour | undefined = () => undefined
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch((error: unknown) => {
      this.complaints.push(String(error))
      response.destroy()
    })
  })

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get messages(): string[] {
    return this.lines.map(([, , message]) => message)
  }

  get stopped() {
    const last = this.updates.at(-1)
    return last?.status === 'stopped' ? last : undefined
  }

  /** Waits until `condition` holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this, 'change')
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await readAll(request)) as unknown
    const path = request.url?.split('/').at(-1) ?? ''
    const misbehaviour = this.misbehave({ path, count: this.calls++ })
    if (request.headers.authorization !== `Bearer ${this.token}`) this.complaints.push('bad token')
    this.emit('change')
    if (misbehaviour === 'hang') return
    if (misbehaviour === 'lose_call') return void response.destroy()
    if (typeof misbehaviour === 'object') {
      response.writeHead(misbehaviour.answer, misbehaviour.headers).end('{}')
      return
    }
    const { status, answer } = path === 'logs' ? this.#storeLines(body) : this.#storeStatus(body)
    this.emit('change')
    if (misbehaviour === 'lose_answer') return void response.destroy()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  #storeStatus(body: unknown): { status: number; answer: unknown } {
    if (this.state === 'build_stopped') return refuse({ refusal: 'build_stopped' })
    const update = RunnerStatusUpdate.parse(body)
    this.updates.push(update)
    if (update.status === 'stopped' && update.line_count !== this.lines.length) {
      this.complaints.push(`stopped at ${update.line_count} lines, ${this.lines.length} are stored`)
    }
    return { status: 200, answer: { v: 1 } }
  }

  #storeLines(body: unknown): { status: number; answer: unknown } {
    if (this.state !== 'open') return refuse({ refusal: this.state })
    const flush = RunnerLogFlush.parse(body)
    const next_runner_line = this.lines.length
    if (flush.first_line > next_runner_line) return refuse({ refusal: 'log_gap', next_runner_line })
    this.flushes.push(flush)
    this.lines.push(...flush.lines.slice(next_runner_line - flush.first_line))
    return { status: 200, answer: { v: 1, next_runner_line: this.lines.length } }
  }
}

function refuse(result: Refusal): { status: number; answer: RunnerRefusal } {
  return { status: 409, answer: { errors: [{ code: 12049, message: 'refused' }], result } }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
