import { setTimeout as delay } from 'node:timers/promises'
import {
  LIVE_CLOSE_CODES,
  type LiveLogAck,
  LiveLogFrame,
  LiveLogTicket,
  v4Envelope,
} from '@workers-builds/contracts'
import { z } from 'zod'

/** How long to wait for a build to start, or a server to come back, before asking again. */
const PAUSE_MS = 500
/** So many tries in a row that give nothing are no passing trouble. */
const MOST_FAILURES = 20

/** Which build's log, and who asks. */
export interface WatchedBuild {
  url: string
  account_id: string
  build_uuid: string
  token: string
}

/** The log of a build that never ran, or is gone. */
export class NoLogError extends Error {
  override readonly name = 'Error'
}

/**
 * The frames of a build's live log, from its first line to its end, whatever breaks in between: it
 * waits for the build to start, and after a lost connection goes on from the last cursor. Throws
 * NoLogError when the build has no log.
 */
export async function* watchLog(
  build: WatchedBuild,
  signal: AbortSignal,
): AsyncGenerator<LiveLogFrame, void> {
  let cursor = ''
  for (let failures = 0; failures < MOST_FAILURES; failures++) {
    signal.throwIfAborted()
    const ticket = await askForTicket(build)
    if (ticket === undefined || ticket.status === 'queued') {
      if (ticket !== undefined) failures = 0
      await delay(PAUSE_MS, undefined, { signal })
      continue
    }
    for await (const frame of receive(`${ticket.url}&cursor=${cursor}`, signal)) {
      failures = 0
      if (frame.type === 'lines') cursor = frame.cursor
      yield frame
      if (frame.type === 'end') return
    }
    await delay(PAUSE_MS, undefined, { signal })
  }
  throw new Error(`The log of build ${build.build_uuid} cannot be watched at ${build.url}`)
}

/** Undefined when the server does not answer, or fails. */
async function askForTicket(build: WatchedBuild): Promise<LiveLogTicket | undefined> {
  const { url, account_id, build_uuid, token } = build
  const path = `/client/v4/accounts/${account_id}/builds/builds/${build_uuid}/logs/ticket`
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  }).catch(() => undefined) // not there at the moment
  if (response === undefined || response.status >= 500) return undefined
  const answer: unknown = await response.json()
  if (!response.ok) {
    const { errors } = z
      .object({ errors: z.array(z.object({ message: z.string() })) })
      .parse(answer)
    throw new NoLogError(errors[0]?.message ?? `status ${response.status}`)
  }
  return v4Envelope(LiveLogTicket).parse(answer).result
}

/** The frames of one connection, each acknowledged once the reader comes for the next. */
async function* receive(url: string, signal: AbortSignal): AsyncGenerator<LiveLogFrame, void> {
  const socket = new WebSocket(url)
  const frames: (LiveLogFrame | 'closed')[] = []
  let arrived = Promise.withResolvers<void>()
  const push = (frame: LiveLogFrame | 'closed') => {
    frames.push(frame)
    arrived.resolve()
  }
  socket.addEventListener('message', ({ data }) => push(LiveLogFrame.parse(JSON.parse(data))))
  socket.addEventListener('error', () => push('closed'))
  socket.addEventListener('close', () => push('closed'))
  const close = () => socket.close(LIVE_CLOSE_CODES.complete)
  signal.addEventListener('abort', close)
  try {
    for (;;) {
      const frame = frames.shift()
      if (frame === 'closed') return
      if (frame === undefined) {
        arrived = Promise.withResolvers()
        await arrived.promise
        continue
      }
      yield frame
      if (frame.type === 'lines') {
        socket.send(JSON.stringify({ type: 'ack', cursor: frame.cursor } satisfies LiveLogAck))
      }
    }
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}
