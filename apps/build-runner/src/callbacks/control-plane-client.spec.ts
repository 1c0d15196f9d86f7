import { existsSync, writeFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { LogBuffer } from '../output/log-buffer.ts'
import type { Misbehaviour } from '../testing/fake-control-plane.ts'
import type { Harness } from '../testing/harness.ts'
import { test } from '../testing/harness.ts'
import { CallbackRefused, ControlPlaneClient } from './control-plane-client.ts'
import { LogSender } from './log-sender.ts'
import { StatusReporter } from './status-reporter.ts'

const LINES = Array.from({ length: 5_000 }, (_, line) => `line ${line}`)

function parts({ controlPlane }: Harness, signal = new AbortController().signal) {
  const { url, token } = controlPlane
  const spec = { build_uuid: crypto.randomUUID(), callback: { base_url: `${url}/`, token } }
  const buffer = new LogBuffer()
  const client = new ControlPlaneClient(spec, signal)
  const sender = new LogSender({ buffer, client })
  const write = (message: string) => buffer.append([Date.now(), 'building', message])
  return {
    buffer,
    client,
    sender,
    write,
    status: new StatusReporter(client, { heartbeat_seconds: 10 }),
  }
}

/** Sends `LINES` to a control plane that misbehaves. */
async function sendAll(h: Harness): Promise<void> {
  const { sender, write } = parts(h)
  const sending = sender.run()
  for (const line of LINES) write(line)
  sender.close()
  await sending
}

describe.concurrent('every line arrives once and in order', () => {
  const troubles: Record<string, Misbehaviour> = {
    'an answer is lost, so that a flush is sent twice': 'lose_answer',
    'a call is lost': 'lose_call',
    'the control plane fails': { answer: 500 },
    'it is overloaded': { answer: 503 },
    'it asks for patience': { answer: 429, headers: { 'retry-after': '1' } },
    'a proxy answers something else': { answer: 200 },
  }
  test.for(Object.entries(troubles))('when %s', async ([, misbehaviour], { h }) => {
    h.controlPlane.misbehave = ({ count }) => (count % 2 === 0 ? misbehaviour : undefined)
    await sendAll(h)
    expect(h.controlPlane.messages).toEqual(LINES)
    expect(h.controlPlane.calls).toBeGreaterThanOrEqual(10)
    expect(h.controlPlane.complaints).toEqual([])
  })

  test('when the control plane forgot some and asks for them again', async ({ h }) => {
    h.controlPlane.misbehave = ({ count }) => {
      if (count === 2) h.controlPlane.lines.splice(1_500)
      return undefined
    }
    await sendAll(h)
    expect(h.controlPlane.messages).toEqual(LINES)
  })

  test('when it stored more of them than it acknowledged', async ({ h }) => {
    h.controlPlane.misbehave = ({ count }) => (count < 3 ? 'lose_answer' : undefined)
    await sendAll(h)
    expect(h.controlPlane.messages).toEqual(LINES)
  })
})

describe.concurrent('lines are sent', () => {
  test('at once when there are a thousand, else within the second', async ({ h }) => {
    const { sender, write } = parts(h)
    const sending = sender.run()
    write('first')
    await h.controlPlane.until(() => h.controlPlane.lines.length === 1)
    for (const line of LINES.slice(0, 2_500)) write(line)
    await h.controlPlane.until(() => h.controlPlane.lines.length === 2_501)
    expect(h.controlPlane.flushes.map(({ lines }) => lines.length)).toEqual([1, 1000, 1000, 500])
    sender.close()
    await sending
  })

  test('never again after a final no', async ({ h }) => {
    for (const state of ['build_stopped', 'log_closed'] as const) {
      h.controlPlane.state = state
      await expect(sendAll(h)).rejects.toThrow(CallbackRefused)
    }
    for (const answer of [400, 401, 403, 404, 413]) {
      h.controlPlane.misbehave = () => ({ answer })
      await expect(sendAll(h)).rejects.toThrow(CallbackRefused)
    }
    expect(h.controlPlane.calls).toBe(7)
  })

  test('never again when the control plane asks for what is gone', async ({ h }) => {
    h.controlPlane.misbehave = ({ count }) => {
      if (count === 4) h.controlPlane.lines.splice(0)
      return undefined
    }
    await expect(sendAll(h)).rejects.toThrow(CallbackRefused)
  })

  test('until the runner gives up, and not longer', async ({ h }) => {
    const silence = new AbortController()
    h.controlPlane.misbehave = () => 'hang'
    const { sender, write } = parts(h, silence.signal)
    const sending = sender.run()
    write('line')
    await h.controlPlane.until(() => h.controlPlane.calls > 0)
    silence.abort()
    await expect(sending).rejects.toThrow()
  })
})

describe.concurrent('the status', () => {
  test('is the latest one when the control plane was away for a while', async ({ h }) => {
    const { status } = parts(h)
    h.controlPlane.misbehave = ({ count }) => (count < 3 ? { answer: 503 } : undefined)
    const stopped = { build_outcome: 'success', failure_reason: null, exit_code: null } as const
    await Promise.all([
      status.running([]),
      status.running([]),
      status.stopped({ ...stopped, steps: [], line_count: 0, deployment: null, warnings: [] }),
    ])
    expect(h.controlPlane.updates).toHaveLength(1)
    expect(h.controlPlane.stopped).toMatchObject({ seq: 2, status: 'stopped' })
  })

  test('is repeated as it is, and not while one is on its way', async ({ h }) => {
    const { status } = parts(h)
    await status.repeat()
    await status.running([])
    await status.repeat()
    expect(h.controlPlane.updates.map(({ seq }) => seq)).toEqual([0, 0])
    await Promise.all([status.running([]), status.repeat(), status.repeat()])
    expect(h.controlPlane.updates.map(({ seq }) => seq)).toEqual([0, 0, 1])
  })

  test('grows in seq', async ({ h }) => {
    const { status } = parts(h)
    await status.running([])
    await status.running([])
    expect(h.controlPlane.updates.map(({ seq }) => seq)).toEqual([0, 1])
  })
})

test('nothing of a build runs before the control plane knows that it does', async ({ h }) => {
  let statuses = 0
  h.controlPlane.misbehave = ({ path }) =>
    path === 'status' && statuses++ < 3 ? { answer: 503 } : undefined
  const runner = await h.start(h.repository({ file: '' }))
  await h.controlPlane.until(() => statuses > 3)
  expect(h.controlPlane.messages).not.toContain('Cloning repository...')
  await runner.exited
  expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
})

test('a build goes on while the control plane is away, and reports all of it later', async ({
  h,
}) => {
  let isAway = false
  h.controlPlane.misbehave = () => (isAway ? { answer: 503 } : undefined)
  const runner = await h.start(h.repository({ file: '' }), {
    build_command: 'echo away; until test -e "$HOME/back"; do sleep 0.05; done; seq 1 3000',
    deploy_command: 'touch "$HOME/deployed"; echo deployed',
  })
  await h.controlPlane.until(() => h.controlPlane.messages.includes('away'))
  isAway = true
  writeFileSync(`${runner.home}/back`, '')
  await h.controlPlane.until(() => existsSync(`${runner.home}/deployed`))
  expect(h.controlPlane.messages).not.toContain('3000')
  isAway = false
  expect(await runner.exited).toBe(0)
  const numbers = h.controlPlane.messages.filter((line) => /^\d+$/.test(line)).map(Number)
  expect(numbers).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1))
  expect(h.controlPlane.stopped).toMatchObject({ build_outcome: 'success' })
  expect(h.controlPlane.complaints).toEqual([])
})
