/** Text that Postgres can store: without NUL, which it refuses, and without halves of characters. */

/** `text` without NUL characters, or with `nul` in their place, and with whole characters only. */
export function storableText(text: string, { nul = '' }: { nul?: string } = {}): string {
  return text.replaceAll('\0', nul).toWellFormed()
}

/** What makes `text` impossible to store; undefined when it can be stored as it is. */
export function whyNotStorable(text: string): 'NUL character' | 'half a character' | undefined {
  if (text.includes('\0')) return 'NUL character'
  return text.isWellFormed() ? undefined : 'half a character'
}
