import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createTemporaryFolder } from '@workers-builds/local-platform/folders'

/** What a gate does with a request instead of letting it pass. */
export type EngineInterference = { status: number; message: string } | 'hold'

/** What is done with a request, by its first line (`POST /containers/create?name=…`). */
type Rule = (request: string) => EngineInterference | undefined

/**
 * Stands before a container engine's socket, and lets those who ask for some containers meet what a
 * test wants them to: an engine that has no instance, or never answers. workerd asks on a connection of
 * its own each time. Each rule is for the requests that hold one text, such as a container's name.
 */
export async function startEngineGate(target: string) {
  const folder = await createTemporaryFolder('engine')
  const path = join(folder.path, 'engine.sock')
  const rules = new Map<string, Rule>()
  const held = new Map<string, (() => void)[]>()
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    sockets.add(incoming)
    incoming.on('error', () => {}).on('close', () => sockets.delete(incoming))
    incoming.once('data', (start) => {
      incoming.pause()
      const [request = ''] = start.toString('latin1').split('\r\n')
      const [text = '', rule] = [...rules].find(([each]) => request.includes(each)) ?? []
      const interference = rule?.(request)
      if (interference === undefined) return pass(incoming, start)
      if (interference !== 'hold') return refuse(incoming, interference)
      held.set(text, [...(held.get(text) ?? []), () => pass(incoming, start)])
    })
  })
  const pass = (incoming: Socket, start: Buffer) => {
    const outgoing = connect(target)
    outgoing.on('error', () => incoming.destroy()).on('close', () => incoming.destroy())
    incoming.on('close', () => outgoing.destroy())
    outgoing.write(start)
    incoming.pipe(outgoing)
    outgoing.pipe(incoming)
  }
  server.listen(path)
  await once(server, 'listening')
  return {
    host: `unix://${path}`,
    /** From now on, `rule` decides about the requests that hold `text`. */
    interfere: (text: string, rule: Rule) => void rules.set(text, rule),
    /** Lets the requests that hold `text` pass again, and those that are held. */
    open(text: string): void {
      rules.delete(text)
      for (const goOn of held.get(text) ?? []) goOn()
      held.delete(text)
    },
    async close(): Promise<void> {
      server.close()
      for (const socket of sockets) socket.destroy()
      await folder.remove()
    },
  }
}

function refuse(incoming: Socket, { status, message }: { status: number; message: string }): void {
  const body = JSON.stringify({ message })
  incoming.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  )
}
