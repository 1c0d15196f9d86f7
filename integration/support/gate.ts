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

/** What is done with a request; undefined lets it pass. */
type Rule = (request: IncomingMessage) => Interference | undefined

/**
 * Stands before a server, and lets some of its callers meet what a test wants them to. Each rule is
 * for the requests whose path holds one text, the uuid of a build or the name of a repository, so
 * that tests that run side by side do not meet each other's.
 */
export async function startGate() {
  const rules = new Map<string, Rule>()
  const interferenceOf = (request: IncomingMessage) => {
    const [, rule] = [...rules].find(([text]) => request.url?.includes(text)) ?? []
    return rule?.(request)
  }
  const proxy = await startProxy((proxied) => {
    const interference = interferenceOf(proxied.request)
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
  return {
    ...proxy,
    /** From now on, `rule` decides about the requests whose path holds `text`. */
    interfere: (text: string, rule: Rule) => void rules.set(text, rule),
    /** Lets the requests whose path holds `text` pass again. */
    open: (text: string) => void rules.delete(text),
  }
}
