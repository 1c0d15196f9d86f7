const EQUALS = 0x3d
const AND = 0x26
const PLUS = 0x2b
const PERCENT = 0x25
const SPACE = 0x20

/** The bytes of a form's first field of this name, decoded, piece by piece; nothing where it is not. */
export function* fieldOfForm(chunks: Iterable<Uint8Array>, name: string): Iterable<Uint8Array> {
  let key = ''
  let isKey = true
  /** Digits of a byte that is written as `%XX`; undefined outside of one. */
  let hex: string | undefined
  for (const chunk of chunks) {
    const value = new Uint8Array(chunk.length + 2)
    let length = 0
    for (const byte of chunk) {
      if (byte === AND && hex === undefined) {
        if (!isKey && key === name) return yield value.subarray(0, length)
        key = ''
        isKey = true
      } else if (isKey) {
        if (byte === EQUALS) isKey = false
        else if (key.length <= name.length) key += String.fromCharCode(byte)
      } else if (key === name) {
        if (hex !== undefined) {
          hex += String.fromCharCode(byte)
          if (hex.length < 2) continue
          value[length++] = Number.parseInt(hex, 16)
          hex = undefined
        } else if (byte === PERCENT) hex = ''
        else value[length++] = byte === PLUS ? SPACE : byte
      }
    }
    if (length > 0) yield value.subarray(0, length)
  }
}
