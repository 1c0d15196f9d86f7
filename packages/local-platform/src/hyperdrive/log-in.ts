import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { type Message, passwordMessage } from '@workers-builds/postgres-protocol'

/** What an AuthenticationRequest asks for, in its first four bytes. */
const CLEARTEXT = 3
const SASL = 10
const SASL_CONTINUE = 11
const BODY_AT = 5
const MECHANISM = 'SCRAM-SHA-256'
/** Of GS2: no channel binding, which TLS alone has. */
const NO_BINDING = 'n,,'

/**
 * Answers the server's authentication requests, one after another; undefined when one needs no
 * answer. Source: RFC 5802 and https://www.postgresql.org/docs/17/sasl-authentication.html
 */
export function createLogIn(password: string): (request: Message) => Buffer | undefined {
  const firstMessage = `n=,r=${randomBytes(18).toString('base64')}`

  function initialResponse(): Buffer {
    const response = Buffer.from(NO_BINDING + firstMessage)
    const length = Buffer.alloc(4)
    length.writeInt32BE(response.length)
    return Buffer.concat([Buffer.from(`${MECHANISM}\0`), length, response])
  }

  function proof(challenge: string): Buffer {
    const fields = new Map(challenge.split(',').map((field) => [field[0], field.slice(2)]))
    const [nonce, salt, iterations] = ['r', 's', 'i'].map((name) => fields.get(name) ?? '')
    const salted = pbkdf2Sync(
      password.normalize('NFKC'),
      Buffer.from(salt ?? '', 'base64'),
      Number(iterations),
      32,
      'sha256',
    )
    const withoutProof = `c=${Buffer.from(NO_BINDING).toString('base64')},r=${nonce}`
    const clientKey = hmac(salted, 'Client Key')
    const storedKey = createHash('sha256').update(clientKey).digest()
    const signature = hmac(storedKey, [firstMessage, challenge, withoutProof].join(','))
    const proven = clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))
    return Buffer.from(`${withoutProof},p=${Buffer.from(proven).toString('base64')}`)
  }

  return ({ bytes }) => {
    const kind = bytes.readInt32BE(BODY_AT)
    if (kind === CLEARTEXT) return passwordMessage(Buffer.from(`${password}\0`))
    if (kind === SASL) return passwordMessage(initialResponse())
    if (kind === SASL_CONTINUE) return passwordMessage(proof(bytes.toString('utf8', BODY_AT + 4)))
    return undefined
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
