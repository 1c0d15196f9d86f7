import {
  encodeLogCursor,
  type LiveLogAck,
  LiveLogFrame,
  liveLogPath,
} from '@workers-builds/contracts'
import { expect, vi } from 'vitest'

type LinesFrame = Extract<LiveLogFrame, { type: 'lines' }>

/** A viewer of the live log of a BuildBuddy, as a program would be one; it checks what it is sent. */
export async function openLogViewer(
  buddy: { fetch(request: Request): Promise<Response> },
  { line = 0, acknowledges = true }: { line?: number; acknowledges?: boolean } = {},
) {
  const url = new URL(liveLogPath({ build_id: 1, line }), 'http://build-management')
  const response = await buddy.fetch(new Request(url, { headers: { upgrade: 'websocket' } }))
  const { webSocket } = response
  if (webSocket === null) throw new Error(`${response.status}: ${await response.text()}`)
  const frames: LiveLogFrame[] = []
  const closed = Promise.withResolvers<{ code: number; reason: string }>()
  webSocket.addEventListener('message', ({ data }) => {
    const frame = LiveLogFrame.parse(JSON.parse(data as string))
    frames.push(frame)
    if (frame.type === 'lines' && acknowledges) viewer.acknowledge(frame.cursor)
  })
  webSocket.addEventListener('close', ({ code, reason }) => closed.resolve({ code, reason }))
  webSocket.accept()

  const viewer = {
    frames,
    closed: closed.promise,
    send: (message: string | ArrayBuffer) => webSocket.send(message),
    acknowledge: (cursor: string) =>
      webSocket.send(JSON.stringify({ type: 'ack', cursor } satisfies LiveLogAck)),
    acknowledgeBefore: (to: number) => viewer.acknowledge(encodeLogCursor({ line: to })),
    close: () => webSocket.close(1000, 'enough'),

    linesFrames: () => frames.filter((frame): frame is LinesFrame => frame.type === 'lines'),
    /** The messages that came, which have to follow each other without a gap. */
    messages(): string[] {
      let next = line
      return viewer.linesFrames().flatMap((frame) => {
        expect(frame.first_line).toBe(next)
        next += frame.lines.length
        expect(frame.cursor).toBe(encodeLogCursor({ line: next }))
        return frame.lines.map(([, message]) => message)
      })
    },
    /** Waits until it has `count` lines. */
    untilLines: (count: number) =>
      vi.waitFor(() => expect(viewer.messages()).toHaveLength(count), { timeout: 20_000 }),
    until: (type: LiveLogFrame['type']) =>
      vi.waitFor(() => expect(frames.map((frame) => frame.type)).toContain(type), {
        timeout: 20_000,
      }),
  }
  return viewer
}
