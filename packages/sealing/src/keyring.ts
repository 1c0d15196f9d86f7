/**
 * Seals secrets for storage with AES-256-GCM.
 *
 * A sealed value is `v1.<key id>.<base64url of nonce and ciphertext>`. Where it is stored
 * (`table|row|column`) is authenticated with it, so that a sealed value that is copied to another
 * row does not open there. A keyring is `id:base64,id:base64,…`, each key 32 bytes: the first
 * seals, every one opens.
 */

import { fromBase64Url, toBase64Url } from './base64url.ts'

const NONCE_BYTES = 12
const KEY_BYTES = 32

/** Where a sealed value lives. */
export type SealedPlace = { table: string; row: string; column: string }

export type Keyring = {
  /** Which key seals. */
  newestKeyId: string
  /** Seals `plaintext` for `place` with the first key. */
  seal(plaintext: string, place: SealedPlace): Promise<string>
  /** The plaintext of `sealed`; throws SealedValueError when key, place or content do not fit. */
  open(sealed: string, place: SealedPlace): Promise<string>
}

/** A sealed value cannot be opened. The message names the key that it needs, never its content. */
export class SealedValueError extends Error {
  override readonly name = 'SealedValueError'
}

/** The keyring that `text` describes; throws when it has no key or one of the wrong length. */
export function parseKeyring(text: string): Keyring {
  const keys = new Map(parseKeys(text).map(({ id, bytes }) => [id, importKey(bytes)] as const))
  const [newest] = keys
  if (newest === undefined) throw new Error('the keyring is empty: expected id:base64[,id:base64…]')
  const [newestId, newestKey] = newest

  return {
    newestKeyId: newestId,

    async seal(plaintext, place) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const ciphertext = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv: nonce, additionalData: placeBytes(place) },
        await newestKey,
        new TextEncoder().encode(plaintext),
      )
      const bytes = new Uint8Array([...nonce, ...new Uint8Array(ciphertext)])
      return format(newestId, bytes)
    },

    async open(sealed, place) {
      const [version, id = '', encoded = ''] = sealed.split('.')
      const key = keys.get(id)
      if (version !== 'v1' || key === undefined) {
        throw new SealedValueError(`no key "${id}" in the keyring for a sealed ${place.column}`)
      }
      try {
        const bytes = fromBase64Url(encoded)
        // The last character has bits that no byte is made of: only one of its forms is ours.
        if (sealed !== format(id, bytes)) throw new Error('not as it was written')
        const plaintext = await crypto.subtle.decrypt(
          {
            name: 'AES-GCM',
            iv: bytes.subarray(0, NONCE_BYTES),
            additionalData: placeBytes(place),
          },
          await key,
          bytes.subarray(NONCE_BYTES),
        )
        return new TextDecoder().decode(plaintext)
      } catch (cause) {
        throw new SealedValueError(
          `the sealed ${place.column} of ${place.table} does not open with key "${id}"`,
          { cause },
        )
      }
    },
  }
}

/** The keys of a keyring text in their order, for those that use them for something else. */
export function parseKeys(text: string): { id: string; bytes: Uint8Array<ArrayBuffer> }[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [id = '', encoded = ''] = entry.split(':')
      const bytes = fromBase64Url(encoded)
      if (!/^[\w-]+$/.test(id) || bytes.length !== KEY_BYTES) {
        throw new Error(`key "${id}" of the keyring is not id:base64 of ${KEY_BYTES} bytes`)
      }
      return { id, bytes }
    })
}

function format(id: string, bytes: Uint8Array): string {
  return `v1.${id}.${toBase64Url(bytes)}`
}

function importKey(bytes: Uint8Array<ArrayBuffer>): ReturnType<typeof crypto.subtle.importKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

function placeBytes({ table, row, column }: SealedPlace): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(`${table}|${row}|${column}`))
}
