/**
 * Masks a message of which nothing is known, word by word: what is not in the vocabulary is private.
 *
 *     Could not open "/home/ada/acme.db" for tenant acme  →  Could not open <…> for <…>
 *
 * @module
 */
import { VOCABULARY } from '../public/vocabulary.ts'

/** Stands for one or more words that are not known to be public. */
export const MASK = '<…>'

/** Longest masked message, in words. */
const MAX_WORDS = 24

/** In order: quoted text, anything up to a space. An apostrophe inside a word opens no quotation. */
const TOKEN = /(?<=^|[\s([{=:,])(?:"[^"]*"?|'[^']*'?|`[^`]*`?|“[^”]*”?|‘[^’]*’?)|\S+/g

/** Codes that tools publish: TS2307, E0425, P1012, NG8002, ENOENT, HH8, [code: 10021]. */
const PUBLIC_CODE = /^(?:TS\d{4,5}|NG\d{3,5}|P\d{4}|HTTP)$/

/** `message` with all but words of the vocabulary masked; the same again when it is masked twice. */
export function maskWords(message: string): string {
  const words: string[] = []
  for (const { 0: token } of message.matchAll(TOKEN)) {
    const shown = maskToken(token)
    if (shown === '' || (shown === MASK && words.at(-1) === MASK)) continue
    words.push(shown)
    if (words.length === MAX_WORDS) break
  }
  return words.join(' ')
}

function maskToken(token: string): string {
  if (token === MASK) return MASK
  const word = token.replace(/^[([{<]{1,3}|[)\]}>.,:;!?…]{1,4}$/g, '')
  if (word === '') return /^[-–—→|:=]{1,3}$/.test(token) ? token : ''
  if (PUBLIC_CODE.test(word) || VOCABULARY.has(word.toLowerCase())) {
    return isWordCase(word) ? word : MASK
  }
  return MASK
}

/** Lower case, Capitalised, ALL CAPITALS or a known camel case; odd casing may spell a name. */
function isWordCase(word: string): boolean {
  return /^(?:[a-z][a-z'’-]*|[A-Z][a-z'’-]*|[A-Z]{2,}\d*|[A-Z][A-Z'’]*|[A-Z]{1,2}\d{3,5}|[A-Za-z]+Error)$/.test(
    word,
  )
}
