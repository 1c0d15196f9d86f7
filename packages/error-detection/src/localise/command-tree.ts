/**
 * The log as a tree of the commands that it echoes: which ran inside which, and how each ended. A
 * failure belongs to the innermost command that did not end well.
 *
 * @module
 */
import type { View } from './view.ts'

export interface Section {
  command: string
  /** The place of the echo in the view. */
  from: number
  /** The place of its last line. */
  to: number
  parent: Section | undefined
  /**
   * - `failed`: a line says so
   * - `went_on`: the log goes on with what comes after it
   * - `open`: the log ends in it
   */
  end: 'failed' | 'went_on' | 'open'
}

export interface CommandTree {
  /** The innermost section that the line at `index` stands in. */
  sectionOf(index: number): Section | undefined
  /** The innermost one that did not end well; undefined where all of them went on, or none is there. */
  culprit: Section | undefined
}

/** Echoes of services that run one command after the other: what ran before has ended. */
const STEP =
  /^(?:#{1,3}>? ?|==> |\[command\]|(?:Executing|Running|Run|Detected|Install|Build)\b|Step \d)/
/** Commands that run scripts, which are echoed in turn. */
const RUNS_OTHERS =
  /^(?:\S{1,200}\/)?(?:(?:npm|pnpm|yarn|bun|npx|bunx|deno|turbo|nx|lerna|rush|wireit|make|sh|bash|just|task|concurrently|npm-run-all2?|run-[sp]|dotenv|cross-env|env|vercel|netlify|firebase|wrangler|opennextjs-cloudflare|next-on-pages)\b|\.\/\S)/
/** The last line of a command that failed; `Failed to compile` and its like only introduce the reason. */
const END =
  /ELIFECYCLE|\bexit(?:ed)?(?: with)?(?: exit)?(?: code| status)?:? ?\(?[1-9]|\b[Cc]ommand failed\b|non-zero|^npm (?:ERR!|error) (?:code|errno|A complete)|^Failed: (?!error:)/

/** For the proof that no pattern takes long. */
export const TREE_PATTERNS: readonly RegExp[] = [STEP, RUNS_OTHERS, END]

interface Places {
  commands: readonly number[]
  exits: readonly number[]
}

export function commandTreeOf(view: View, { commands, exits }: Places): CommandTree {
  const sections: Section[] = []
  let open: Section | undefined
  let culprit: Section | undefined
  const close = (section: Section, to: number, end: Section['end']): void => {
    section.to = to
    section.end = end
    open = section.parent
  }
  let nextExit = 0
  for (const at of [...commands, view.length]) {
    for (; nextExit < exits.length && (exits[nextExit] as number) < at; nextExit++) {
      const exit = exits[nextExit] as number
      if (!open || !END.test(view.at(exit).core)) continue
      // Of several lines that say that a command failed, those after the first are of its parents.
      if (!culprit || !isInside(culprit, open)) culprit = open
      close(open, exit, 'failed')
    }
    if (at === view.length) break
    const { command = '', core } = view.at(at)
    const isStep = STEP.test(core)
    while (open && (isStep || !RUNS_OTHERS.test(open.command))) close(open, at - 1, 'went_on')
    // What a service runs after a command that failed shows that this was allowed to.
    if (culprit && isStep) culprit = undefined
    open = { command, from: at, to: view.length - 1, parent: open, end: 'open' }
    sections.push(open)
  }
  culprit ??= open
  return {
    culprit,
    sectionOf: (index) => sections.findLast(({ from, to }) => from <= index && index <= to),
  }
}

function isInside(section: Section, outer: Section): boolean {
  for (let at: Section | undefined = section; at; at = at.parent) if (at === outer) return true
  return false
}
