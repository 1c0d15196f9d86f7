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

/**
 * Reads a body and keeps nothing of it. Most clients send a whole body before they look at the
 * answer: an answer to one that is still on its way reaches them as a broken connection, or as a
 * proxy's 500. One that was counted while it was read cannot be read on.
 */
async function discard(body: ReadableStream | null): Promise<void> {
  if (body === null || body.locked) return
  for await (const _chunk of body);
}
