import type { IncomingMessage } from 'node:http'
import { forward, startProxy } from '@workers-builds/test-kit/http'

/** What a gate does with a request instead of letting it pass as it came. */
export type Interference =
  | { answer: number }
  /** Break the connection. */
  | 'break'
  /** Never answer. */
  | 'hold'
  /** Let it pass, changed. */
  | { path?: string; authorization?: string }

/** Stands before a server, and lets its callers meet what a test wants them to. */
export async function startGate() {
  const gate = {
    interfere: (_request: IncomingMessage): Interference | undefined => undefined,
  }
  const proxy = await startProxy((proxied) => {
    const interference = gate.interfere(proxied.request)
    if (interference === 'hold') return
    if (interference === 'break') return void proxied.response.destroy()
    if (interference !== undefined && 'answer' in interference) {
      return void proxied.response.writeHead(interference.answer).end()
    }
    const { path, authorization } = interference ?? {}
    forward(proxied, {
      ...(path !== undefined && { path }),
      ...(authorization !== undefined && { headers: { authorization } }),
    })
  })
  return Object.assign(gate, {
    ...proxy,
    /** Lets everything pass again. */
    open() {
      gate.interfere = () => undefined
    },
  })
}
