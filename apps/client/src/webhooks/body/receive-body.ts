/** The body of a delivery as it came: in the pieces in which it was read, and nowhere else as a whole. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { BuildsError } from '@workers-builds/contracts'
import { discard } from '../../middleware/limit-body.ts'

export type Body = readonly Uint8Array[]

/** Reads a body of at most `maxBytes`, keeping nothing of it on request; throws body_too_large. */
export async function receiveBody(
  request: Request,
  { maxBytes, isKept = true }: { maxBytes: number; isKept?: boolean },
): Promise<Body> {
  const chunks: Uint8Array[] = []
  let bytes = Number(request.headers.get('content-length'))
  if (bytes <= maxBytes && request.body !== null) {
    bytes = 0
    const reader = request.body.getReader()
    while (bytes <= maxBytes) {
      const { done, value } = await reader.read()
      if (done) return chunks
      bytes += value.byteLength
      if (isKept) chunks.push(value)
    }
    reader.releaseLock()
  }
  if (bytes <= maxBytes) return chunks
  chunks.length = 0
  await discard(request.body)
  throw new BuildsError('body_too_large', `The request body is larger than ${maxBytes} bytes.`)
}

export function sha256Of(body: Body): Uint8Array {
  const hash = createHash('sha256')
  for (const chunk of body) hash.update(chunk)
  return hash.digest()
}

/** Whether `signature` is the HMAC-SHA256 of `head` and `body`; takes the same time wherever it differs. */
export function isSigned({
  body,
  head = '',
  key,
  signature,
}: {
  body: Body
  head?: string
  key: string | Uint8Array
  signature: Uint8Array
}): boolean {
  const hmac = createHmac('sha256', key).update(head)
  for (const chunk of body) hmac.update(chunk)
  return signature.byteLength === 32 && timingSafeEqual(hmac.digest(), signature)
}
