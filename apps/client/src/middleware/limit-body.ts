import { BuildsError } from '@workers-builds/contracts'
import { bodyLimit } from 'hono/body-limit'

/** Refuses bodies of more than `maxBytes`, by their announced size or while they are read. */
export function limitBody(maxBytes: number) {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new BuildsError('body_too_large', `The request body is larger than ${maxBytes} bytes.`)
    },
  })
}
