/** Strings for the terminal itself (OSC, DCS, SOS, PM, APC), closed or cut off. */
const STRINGS =
  '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?'
/** Control sequences: colours, and everything that moves the cursor, clears or asks. */
const SEQUENCES = '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?'
const ESCAPES = '\\u001b[ -/]*[0-~]?'
/** All but the tab, C1 included. */
const CONTROLS = '[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]'
/** They reorder what stands beside them, or end a line. */
const DIRECTIONS = '[\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]'
const COMMANDS = new RegExp([STRINGS, SEQUENCES, ESCAPES, CONTROLS, DIRECTIONS].join('|'), 'g')
const COLOUR = /^\u001b\[[\d;:]*m$/
const COLOUR_RESET = '\u001b[0m'
const LINE_BREAK = /^[\n\v\f\r\u0085\u2028\u2029]$/

/**
 * One line that a build wrote, as it may reach a person's terminal: with its colours, which end with
 * it, and nothing else that a terminal obeys (clipboard, title, links, cursor, questions, direction
 * of writing). A line break becomes a space, so that nobody forges a line of ours.
 */
export function colouredText(line: string): string {
  let isColoured = false
  const text = line.replace(COMMANDS, (command) => {
    if (COLOUR.test(command)) {
      isColoured = true
      return command
    }
    return LINE_BREAK.test(command) ? ' ' : ''
  })
  return isColoured ? text + COLOUR_RESET : text
}

/** The same without colours. */
export function plainText(line: string): string {
  return line.replace(COMMANDS, (command) => (LINE_BREAK.test(command) ? ' ' : ''))
}
