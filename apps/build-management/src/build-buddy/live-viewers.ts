import {
  type BuildState,
  decodeLogCursor,
  encodeLogCursor,
  LIVE_CLOSE_CODES,
  LiveLogAck,
  type LiveLogFrame,
  type LogPage,
} from '@workers-builds/contracts'
import { errorFields, logger } from '@workers-builds/logging'
import {
  afterAcknowledging,
  afterSending,
  hasRoomFor,
  newViewer,
  StoredViewer,
  type Viewer,
} from './live-viewer.ts'

/** Six bytes of JSON for a character at worst: a frame always fits into a viewer's window. */
const MAX_FRAME_CHARACTERS = 32 * 1024

/** If all were silent, what is under way to them would fill about 100 MB. */
export const MAX_VIEWERS = 400

/** An acknowledgement is a few dozen bytes. */
const MAX_MESSAGE_LENGTH = 1_000

/** The log that is watched, as it stands now. */
export type WatchedLog = {
  state(): BuildState
  /** How many lines there are. */
  nextLine(): number
  read(from: { line: number; maxCharacters: number }): LogPage
}

/** What comes next for a viewer; made once for all viewers that are at the same line. */
type Next =
  | { do: 'send'; text: string; bytes: number; until: number }
  | { do: 'wait' }
  | { do: 'end' }

/**
 * The viewers of a build's live log. All that is known of one is attached to its socket, so the
 * object may hibernate at any moment. `update` sends every viewer what it does not have yet, so it
 * may be called whenever something may have changed; a viewer whose window is full costs nothing
 * until it acknowledges.
 */
export class LiveViewers {
  readonly #ctx: DurableObjectState
  readonly #log: WatchedLog

  constructor(ctx: DurableObjectState, log: WatchedLog) {
    this.#ctx = ctx
    this.#log = log
  }

  get isFull(): boolean {
    return this.#ctx.getWebSockets().length >= MAX_VIEWERS
  }

  /** A viewer that wants everything from `line` on; answers its end of the connection. */
  accept({ line }: { line: number }): WebSocket {
    const { 0: theirs, 1: ours } = new WebSocketPair()
    this.#ctx.acceptWebSocket(ours)
    // Keeps a connection through proxies that drop silent ones, without waking the object.
    this.#ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    ours.serializeAttachment(newViewer({ line }))
    this.#bringUpToDate(ours, new Map())
    return theirs
  }

  /** Takes what a viewer sent. */
  receive(socket: WebSocket, message: string | ArrayBuffer): void {
    const ack = parseAck(message)
    const { line } = decodeLogCursor(ack?.cursor ?? '') ?? {}
    if (line === undefined || line > this.#log.nextLine()) {
      const reason = 'expected {"type":"ack","cursor":"…"} with a cursor of this log'
      socket.close(LIVE_CLOSE_CODES.invalid_frame, reason)
      return
    }
    socket.serializeAttachment(afterAcknowledging(viewerOf(socket), line))
    this.#bringUpToDate(socket, new Map())
  }

  /** Sends every viewer what it has not received yet. */
  update(): void {
    const nexts = new Map<number, Next>()
    for (const socket of this.#ctx.getWebSockets()) this.#bringUpToDate(socket, nexts)
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.#ctx.getWebSockets()) socket.close(code, reason)
  }

  /** One viewer that cannot be served neither holds back the others nor the build. */
  #bringUpToDate(socket: WebSocket, nexts: Map<number, Next>): void {
    // One that is being closed stays in the list until the other side has agreed.
    if (socket.readyState !== WebSocket.OPEN) return
    try {
      this.#sendStatus(socket)
      this.#sendLines(socket, nexts)
    } catch (error) {
      logger.withFields(errorFields(error)).warn('a viewer of a live log could not be served')
      socket.close(LIVE_CLOSE_CODES.failed, 'connect again from the last cursor')
    }
  }

  #sendStatus(socket: WebSocket): void {
    const { status, build_outcome, failure_reason } = this.#log.state()
    const viewer = viewerOf(socket)
    if (viewer.sent_status === status) return
    send(socket, { type: 'status', status, build_outcome, failure_reason })
    socket.serializeAttachment({ ...viewer, sent_status: status })
  }

  #sendLines(socket: WebSocket, nexts: Map<number, Next>): void {
    for (let viewer = viewerOf(socket); ; ) {
      const { line } = viewer
      const next = nexts.get(line) ?? this.#nextFrom(line)
      nexts.set(line, next)
      if (next.do === 'wait') return
      if (next.do === 'end') {
        this.#end(socket)
        return
      }
      if (!hasRoomFor(viewer, next.bytes)) {
        if (viewer.sent_more) return
        send(socket, { type: 'more', cursor: encodeLogCursor({ line }) })
        socket.serializeAttachment({ ...viewer, sent_more: true })
        return
      }
      socket.send(next.text)
      viewer = afterSending(viewer, next)
      socket.serializeAttachment(viewer)
    }
  }

  #nextFrom(first_line: number): Next {
    const page = this.#log.read({ line: first_line, maxCharacters: MAX_FRAME_CHARACTERS })
    if (page.lines.length === 0) return page.complete ? { do: 'end' } : { do: 'wait' }
    const until = page.cursor?.line ?? this.#log.nextLine()
    const text = JSON.stringify({
      type: 'lines',
      first_line,
      lines: page.lines.map(([timestamp, , message]) => [timestamp, message]),
      cursor: encodeLogCursor({ line: until }),
    } satisfies LiveLogFrame)
    return { do: 'send', text, bytes: Buffer.byteLength(text), until }
  }

  #end(socket: WebSocket): void {
    const { build_outcome, failure_reason } = this.#log.state()
    if (build_outcome === null) throw new Error('a log is complete before its build has stopped')
    const line_count = this.#log.nextLine()
    send(socket, { type: 'end', build_outcome, failure_reason, line_count })
    socket.close(LIVE_CLOSE_CODES.complete, 'the log is complete')
  }
}

function viewerOf(socket: WebSocket): Viewer {
  return StoredViewer.parse(socket.deserializeAttachment())
}

function send(socket: WebSocket, frame: LiveLogFrame): void {
  socket.send(JSON.stringify(frame))
}

/** Undefined for anything that is no acknowledgement. */
function parseAck(message: string | ArrayBuffer): LiveLogAck | undefined {
  if (typeof message !== 'string' || message.length > MAX_MESSAGE_LENGTH) return undefined
  try {
    return LiveLogAck.safeParse(JSON.parse(message)).data
  } catch {
    return undefined // no JSON
  }
}
