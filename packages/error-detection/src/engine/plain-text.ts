/**
 * The text of a line, without what only a terminal needs.
 *
 * @module
 */

/** Longest message that is looked at; it bounds what any pattern can cost. */
export const MAX_LENGTH = 2_048

/** Most of a line that is read before its colours are removed. */
const MAX_RAW_LENGTH = 4 * MAX_LENGTH

// CSI and OSC sequences, and the two-character ones.
const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g

/** `message` without colours and without what a progress bar has overwritten. */
export function plainText(message: string): string {
  let text = message.length > MAX_RAW_LENGTH ? message.slice(0, MAX_RAW_LENGTH) : message
  if (text.includes('\x1b')) text = text.replace(ANSI, '')
  if (text.includes('\r')) text = lastOverwrite(text)
  return text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text
}

function lastOverwrite(text: string): string {
  return text.split('\r').findLast((part) => part.trim() !== '') ?? ''
}
