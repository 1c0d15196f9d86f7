import { BuildsError } from '@workers-builds/contracts'
import { bodyLimit } from 'hono/body-limit'

/** Refuses bodies of more than `maxBytes`, by their announced size or while they are read. */
export function limitBody(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: async (c) => {
      await discard(c.req.raw.body)
      throw new BuildsError('body_too_large', `The request body is larger than ${maxBytes} bytes.`)
    },
  })
}

/** More than a client sends by mistake; one that is slower does not wait for the answer. */
const MOST_DISCARDED_BYTES = 128 * 1024 * 1024
const MOST_DISCARD_MS = 10_000

/**
 * Reads a body and keeps nothing of it. Most clients send a whole body before they look at the
 * answer: an answer to one that is still on its way reaches them as a broken connection, or as a
 * proxy's 500. One that was counted while it was read cannot be read on.
 */
export async function discard(body: ReadableStream | null): Promise<void> {
  if (body === null || body.locked) return
  const start = Date.now()
  let bytes = 0
  try {
    for await (const chunk of body as ReadableStream<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > MOST_DISCARDED_BYTES || Date.now() - start > MOST_DISCARD_MS) return
    }
  } catch {
    // The sender has left: nobody waits for the answer.
  }
}
