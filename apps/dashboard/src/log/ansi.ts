/** Colours of a log line. Every other escape sequence is taken out; the text is never HTML. */
import Anser from 'anser'

export type Piece = { text: string; className: string }

// Operating system commands (titles, links), then other sequences but colours, then lone control characters.
const INERT =
  /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b\[[0-?]*[ -/]*(?!m)[@-~]|\x1b(?!\[)[ -/]*[0-~]?|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9f]/g

/** Invisible characters that turn the order of text around them. */
const TURNING = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g

const COLOUR = /\x1b\[[0-9;:]*m/g

/** The line with its colours and nothing else that a terminal would act upon. */
function harmless(line: string): string {
  return line.replace(INERT, '').replace(TURNING, '')
}

/** The words of a line, for search and copying. */
export function plain(line: string): string {
  return harmless(line).replace(COLOUR, '').replaceAll('\x1b', '')
}

export function pieces(line: string): Piece[] {
  if (!line.includes('\x1b')) return [{ text: plain(line), className: '' }]
  return Anser.ansiToJson(harmless(line), {
    use_classes: true,
    remove_empty: true,
    json: true,
  }).map(({ content, fg, bg, decorations }) => ({
    text: content.replaceAll('\x1b', ''),
    className: [
      fg && isNamed(fg) ? fg : '',
      bg && isNamed(bg) ? `on-${bg}` : '',
      ...decorations.map((decoration) => `ansi-${decoration}`),
    ]
      .filter((name) => name !== '')
      .join(' '),
  }))
}

/** The sixteen colours have classes in styles.css; of the others only that there was one is kept. */
function isNamed(name: string): boolean {
  return /^ansi(?:-bright)?-(?:black|red|green|yellow|blue|magenta|cyan|white)$/.test(name)
}
