import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { LiveLogFrame } from '@workers-builds/contracts'

export interface ViewerOptions {
  acknowledges?: boolean
  /** How long it takes to read a frame; the next one waits for that. */
  slowMs?: number
  /** Called with each line that comes: when the runner wrote it, which one it is, and its text. */
  onLine?: (line: { written_on: number; ordinal: number; message: string }) => void
}

/** One viewer of a live log, which checks that every line comes once and in order. */
export async function openViewer(
  url: string,
  { acknowledges = true, slowMs = 0, onLine = () => {} }: ViewerOptions = {},
) {
  const socket = new WebSocket(url)
  const viewer = {
    messages: [] as string[],
    frames: 0,
    /** The first thing that was wrong with what came. */
    wrong: undefined as string | undefined,
    closed: once(socket, 'close').then(([event]) => event as CloseEvent),
    close: () => socket.close(),
  }
  let reading = Promise.resolve()
  socket.addEventListener('message', ({ data }) => {
    const frame = LiveLogFrame.parse(JSON.parse(data))
    viewer.frames++
    if (frame.type !== 'lines') return
    if (frame.first_line !== viewer.messages.length) {
      viewer.wrong ??= `line ${frame.first_line} came after ${viewer.messages.length} lines`
    }
    for (const [written_on, message] of frame.lines) {
      onLine({ written_on, ordinal: viewer.messages.length, message })
      viewer.messages.push(message)
    }
    reading = reading.then(async () => {
      if (slowMs > 0) await pause(slowMs)
      if (acknowledges) socket.send(JSON.stringify({ type: 'ack', cursor: frame.cursor }))
    })
  })
  await once(socket, 'open')
  return viewer
}

/** A viewer that reads nothing at all from its connection, as one on a dead network does. */
export async function openSilentViewer(url: string): Promise<Socket> {
  const { hostname, port, pathname, search } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  socket.write(
    [
      `GET ${pathname}${search} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${btoa('0123456789abcdef')}`,
      '\r\n',
    ].join('\r\n'),
  )
  const [answer] = await once(socket, 'data')
  if (!String(answer).startsWith('HTTP/1.1 101')) throw new Error(String(answer))
  socket.pause()
  return socket
}
