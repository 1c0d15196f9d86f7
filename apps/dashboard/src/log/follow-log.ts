/** Reads a log from its first line: page by page, then live over a WebSocket, as docs/live-logs.md says. */
import type { BuildLogs, LiveLogFrame, LiveLogTicket } from '@workers-builds/contracts'
import { ApiError, call } from '../api/api.ts'
import type { LogModel } from './log-model.ts'

const QUEUED_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 10_000

/** Fills `model` until the log is complete or `signal` is aborted. */
export async function followLog(
  model: LogModel,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<void> {
  let cursor = ''
  for (let failures = 0; !signal.aborted; ) {
    try {
      const live = await readPages(model, { path, cursor, signal })
      if (live === undefined) return model.become('complete')
      cursor = live
      failures = 0
      const next = await watch(model, { path, cursor, signal })
      if (next === undefined) return model.become('complete')
      cursor = next
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
        return model.become('complete', error.message)
      }
      failures++
    }
    if (failures > 0) model.become('lost')
    await pause(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures), signal)
  }
}

/** Where the log goes on; undefined when it is complete. */
async function readPages(
  model: LogModel,
  { path, cursor, signal }: { path: string; cursor: string; signal: AbortSignal },
): Promise<string | undefined> {
  for (let next: string | undefined = cursor; ; ) {
    const query = next === '' ? '' : `?cursor=${next}`
    const page: BuildLogs = await call<BuildLogs>(`${path}/logs${query}`, { signal })
    model.append(page.lines)
    next = page.cursor
    if (next === undefined || !page.truncated) return next
  }
}

/** Where to go on after the connection ended; undefined when the log is complete. */
async function watch(
  model: LogModel,
  { path, cursor, signal }: { path: string; cursor: string; signal: AbortSignal },
): Promise<string | undefined> {
  const ticket = await call<LiveLogTicket>(`${path}/logs/ticket`, { method: 'POST', signal })
  if (ticket.status === 'queued') {
    model.become('live')
    await pause(QUEUED_PAUSE_MS, signal)
    return cursor
  }
  // The page talks to where it came from, whatever other names the system has.
  const url = new URL(ticket.url)
  url.host = location.host
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  url.searchParams.set('cursor', cursor)
  return await new Promise((resolve) => {
    const socket = new WebSocket(url)
    let last: string | undefined = cursor
    const end = () => socket.close()
    signal.addEventListener('abort', end)
    socket.addEventListener('open', () => model.become('live'))
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const frame = JSON.parse(data) as LiveLogFrame
      if (frame.type === 'lines') {
        model.append(frame.lines)
        last = frame.cursor
        socket.send(JSON.stringify({ type: 'ack', cursor: frame.cursor }))
      }
      if (frame.type === 'end') last = undefined
    })
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', end)
      resolve(last)
    })
  })
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
