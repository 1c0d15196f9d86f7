import { setTimeout as delay } from 'node:timers/promises'
import type { BuildSpec, RunnerLogFlush, RunnerStatusUpdate } from '@workers-builds/contracts'
import { RunnerLogAnswer, RunnerRefusal, RunnerStatusAnswer } from '@workers-builds/contracts'
import pRetry from 'p-retry'
import type { z } from 'zod'

/** A control plane that has not answered by then is asked again. */
const ANSWER_TIMEOUT_MS = 15_000

/** Waits between tries: 0.2 s, doubled up to 5 s, each made up to twice as long by chance. */
const RETRY = { minTimeout: 200, maxTimeout: 5_000, factor: 2, randomize: true }

/** The control plane will not take anything more from this runner: the build is over for it. */
export class CallbackRefused extends Error {
  override readonly name = 'CallbackRefused'
}

/** Posts to the control plane, again and again until it answers. */
export class ControlPlaneClient {
  readonly #url: string
  readonly #token: string
  readonly #signal: AbortSignal

  /** No call outlives `signal`. */
  constructor(spec: Pick<BuildSpec, 'build_uuid' | 'callback'>, signal: AbortSignal) {
    const base = spec.callback.base_url.replace(/\/+$/, '')
    this.#url = `${base}/api/builds/${spec.build_uuid}`
    this.#token = spec.callback.token
    this.#signal = signal
  }

  /**
   * Sends lines; answers with the line to go on from. Throws CallbackRefused when the build has
   * stopped or its log is closed.
   */
  async sendLines(flush: RunnerLogFlush): Promise<number> {
    const answer = await this.#post('logs', () => flush, RunnerLogAnswer)
    return answer.next_runner_line
  }

  /** Sends what `latest` gives, asked anew for every try. Throws CallbackRefused like `sendLines`. */
  async sendStatus(latest: () => RunnerStatusUpdate): Promise<void> {
    await this.#post('status', latest, RunnerStatusAnswer)
  }

  async #post<Answer extends z.ZodType>(
    path: 'logs' | 'status',
    body: () => RunnerLogFlush | RunnerStatusUpdate,
    answer: Answer,
  ): Promise<z.infer<Answer>> {
    return await pRetry(
      async () => {
        const response = await fetch(`${this.#url}/${path}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${this.#token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify(body()),
          redirect: 'error',
          signal: AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
        })
        return answer.parse(await readAnswer(response, this.#signal))
      },
      {
        ...RETRY,
        retries: Number.POSITIVE_INFINITY,
        signal: this.#signal,
        shouldRetry: ({ error }) => !(error instanceof CallbackRefused),
      },
    )
  }
}

/** The control plane's answer; throws CallbackRefused for a final no, any error for a passing one. */
async function readAnswer(response: Response, signal: AbortSignal): Promise<unknown> {
  if (response.ok) {
    const body: unknown = await response.json()
    return isEnvelope(body) ? body.result : body
  }
  const text = await response.text()
  if (response.status === 409) return readRefusal(text)
  if (response.status === 429) await waitAsAsked(response, signal)
  const isPassing = response.status >= 500 || [408, 425, 429].includes(response.status)
  const message = `The control plane answered ${response.status}`
  throw isPassing ? new Error(message) : new CallbackRefused(message)
}

/** A gap is no reason to stop: the control plane says where to go on. */
function readRefusal(text: string): unknown {
  const { result } = RunnerRefusal.parse(JSON.parse(text))
  if (result?.refusal === 'log_gap' && result.next_runner_line !== undefined) {
    return { v: 1, next_runner_line: result.next_runner_line }
  }
  throw new CallbackRefused(`The control plane refuses: ${result?.refusal ?? 'no reason given'}`)
}

async function waitAsAsked(response: Response, signal: AbortSignal): Promise<void> {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  if (seconds > 0) await delay(Math.min(seconds, 60) * 1000, undefined, { signal })
}

function isEnvelope(body: unknown): body is { result: unknown } {
  return typeof body === 'object' && body !== null && 'result' in body
}
