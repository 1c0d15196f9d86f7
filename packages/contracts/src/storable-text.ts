/** Text that Postgres can store: without NUL, which it refuses, and without halves of characters. */

/** `text` without NUL characters, or with `nul` in their place, and with whole characters only. */
export function storableText(text: string, { nul = '' }: { nul?: string } = {}): string {
  return text.replaceAll('\0', nul).toWellFormed()
}

/**
 * `text` in at most `maxBytes` of UTF-8: a longer one ends at a whole character and says how long it
 * was. `fullBytes`: of the text of which `text` may be only the beginning.
 */
export function shortText(
  text: string,
  { maxBytes, fullBytes = 0 }: { maxBytes: number; fullBytes?: number | undefined },
): string {
  const size = Math.max(fullBytes, new TextEncoder().encode(text).byteLength)
  if (size <= maxBytes) return text
  const note = `… (shortened: it has ${size.toLocaleString('en')} bytes)`
  const room = maxBytes - new TextEncoder().encode(note).byteLength
  // It writes whole code points only.
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(room))
  return text.slice(0, read).replace(/[\u200d\ufe0f]+$/, '') + note
}

/** What makes `text` impossible to store; undefined when it can be stored as it is. */
export function whyNotStorable(text: string): 'NUL character' | 'half a character' | undefined {
  if (text.includes('\0')) return 'NUL character'
  return text.isWellFormed() ? undefined : 'half a character'
}
