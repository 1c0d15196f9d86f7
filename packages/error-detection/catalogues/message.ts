/** What an error says, read out of a tool's code. */
export interface Message {
  /** Its placeholders are filled with values that are private. */
  text: string
  /** The class of the error, or the function that is called with it: `UserError`, `logger.error`. */
  by: string
  /** The code that is handed over with it: `NO_MATCHING_VERSION`, `TS2304`. */
  code?: string
  /** In a table of messages, its name; in a function that makes one, the function's. */
  entry?: string
  /** The file that it was read in, from `node_modules` on. */
  file?: string
}

/** No tool has this word: where it appears in a group, something private has. */
export const PRIVATE = 'quillwort'

/** Stands for what another error says. */
const REASON = `${PRIVATE}-reason`

/** A value for the placeholder called `name`, of the kind that its name speaks of. */
export function valueFor(name: string): string {
  if (
    /^(?:message|msg|error|err|e|ex|reason|cause|stack|stderr|stdout|output|details?)$/i.test(name)
  )
    return REASON
  if (/version|range|semver/i.test(name)) return '1.2.3'
  if (/url|href|registry|origin/i.test(name)) return `https://${PRIVATE}.example/a`
  if (/path|file|dir|root|cwd|entry|source|importer|route|folder|location/i.test(name)) {
    return `/opt/buildhome/repo/src/${PRIVATE}.js`
  }
  if (/count|num|size|length|line|column|index|limit|max|min|ms$|port|status/i.test(name))
    return '7'
  return PRIVATE
}

const PRIVATE_OR_ADDRESS = new RegExp(`\\S*(?:${PRIVATE}|https?://)\\S*`, 'g')

/** Whether a program's author wrote words in it, rather than passing on what another one says. */
export function isMessage(text: string): boolean {
  const own = text.replaceAll(PRIVATE_OR_ADDRESS, ' ').split(/\s+/)
  return own.filter((word) => /\p{L}{2}/u.test(word)).length >= 2
}

/** Whether the message only introduces that of another error, whose words say why. */
export function passesOn(text: string): boolean {
  return PASSED_ON.test(text)
}

const PASSED_ON = new RegExp(
  `[:\\n(–—-]\\s*["'\`]?${REASON}["'\`).]*\\s*$|(?<!\\bhere):\\s*(?:\\n\\s*${PRIVATE}\\S*\\s*)?$`,
)

/**
 * Whether the message is about the tool's own code: its authors expect that nobody ever reads it.
 */
export function isInternal(text: string): boolean {
  return /\b(?:unreachable|invariant|assert(?:ion)?s?|should (?:never|not|be impossible)\b.{0,30}\b(?:happen|occur|reached?|get here)|internal (?:\w+ )?error|not (?:yet )?implemented|unimplemented|this is (?:likely )?a bug|is a bug in|please (?:report|file|open)|impossible|can(?:not|'t) happen|\[BUG\])\b/i.test(
    text,
  )
}
