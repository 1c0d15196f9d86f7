/**
 * What a good build printed, in at most 32 KB: of each of its lines, without numbers, hashes and
 * colours, 32 bits of a hash. A line that a failed build of the same trigger prints as well is
 * seldom why it failed. No text can be read out of it.
 *
 * @module
 */
import type { LineTemplates } from '@workers-builds/contracts'
import { plainText } from '../engine/plain-text.ts'
import { SUSPECT } from '../localise/looks.ts'

/** Readers know no other version; they do without a witness that has one. */
const VERSION = 1

const HASH_BYTES = 4
const MAX_TEMPLATES = (32 * 1_024) / HASH_BYTES

/** Collects the templates of a log whose lines are added one by one. */
export function createLineTemplates(): { add(message: string): void; collect(): LineTemplates } {
  // In long logs, lines with words of errors are worth more room than others.
  const suspects = new Set<number>()
  const others = new Set<number>()
  return {
    add(message) {
      const text = plainText(message)
      const templates = SUSPECT.test(text) ? suspects : others
      if (templates.size < MAX_TEMPLATES) templates.add(hashOf(templateOf(text)))
    },
    collect() {
      const hashes = [...new Set([...suspects, ...others])].slice(0, MAX_TEMPLATES)
      const sorted = Uint32Array.from(hashes).sort()
      const bytes = new Uint8Array(sorted.length * HASH_BYTES)
      const view = new DataView(bytes.buffer)
      sorted.forEach((hash, index) => {
        view.setUint32(index * HASH_BYTES, hash, true)
      })
      return { v: VERSION, hashes: bytes }
    },
  }
}

/** Whether a good build printed a line. */
export type Witness = (message: string) => boolean

/** The witness of `templates`; undefined when they are of a version that is not known here. */
export function witnessOf({ v, hashes }: LineTemplates): Witness | undefined {
  if (v !== VERSION) return undefined
  const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength)
  const known = new Set<number>()
  for (let at = 0; at + HASH_BYTES <= hashes.byteLength; at += HASH_BYTES) {
    known.add(view.getUint32(at, true))
  }
  return (message) => known.has(hashOf(templateOf(plainText(message))))
}

/** Hashes of commits and of file contents, ids; then numbers of any kind. */
const HEX = /\b[a-f\d]{7,64}(?:-[a-f\d]{4,12}){0,4}\b/gi
const NUMBER = /\d+(?:[.,:]\d+)*/g

/** `text` without what differs between two builds that do the same. */
function templateOf(text: string): string {
  return text
    .replace(HEX, (found) => (/\d/.test(found) ? '#' : found))
    .replace(NUMBER, '0')
    .replace(/\s+/g, ' ')
    .trim()
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}

/** For the proof that no pattern takes long. */
export const TEMPLATE_PATTERNS: readonly RegExp[] = [HEX, NUMBER]
