/**
 * Finds the place in the user's repository that an error names: in its line, in the details under
 * it, or in the headline above it.
 *
 * @module
 */

export interface SourceLocation {
  /** From the root of the repository, with `/`. */
  file: string
  /** Counted from 1; null where the message names the file only. */
  line: number | null
  /** Counted as the tool counts it; null where it names none. */
  column: number | null
}

/** A path with an extension, at the start of a word; what is no source file is sorted out later. */
const PATH = String.raw`(?<![^\s"'\x60(\[=,])(?<file>(?:file:\/\/)?[\w@./~[][\w@./()[\]+~$-]{0,400}\.[a-zA-Z]\w{0,9})`
const LINE = String.raw`(?<line>\d{1,6})`
const COLUMN = String.raw`(?<column>\d{1,5})`

/** How tools write where it is, those that say most first. */
const PLACES: readonly RegExp[] = [
  // src/a.ts:3:5   file:///opt/…/a.js:3:5   ./app/page.tsx:1:10
  new RegExp(String.raw`${PATH}:${LINE}(?::${COLUMN})?(?![\w.])`, 'g'),
  // src/a.ts(3,5): error TS2322   src/a.svelte (3:9)
  new RegExp(String.raw`${PATH} ?\(${LINE}[,:]${COLUMN}\)`, 'g'),
  // File "a.py", line 3   a.rb, line 3   in a.md at line 3
  new RegExp(
    String.raw`${PATH}["'\x60]?,? (?:at |on |in )?line:? ${LINE}(?:,? (?:column|col):? ${COLUMN})?`,
    'g',
  ),
  // ERROR in ./src/index.js 1:0-22
  new RegExp(String.raw`\bin ${PATH} ${LINE}:${COLUMN}(?![\w.])`, 'g'),
]

/** Only the file: after a word that says so, or inside of the folder that a build is cloned into. */
const FILES: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:from|in|by|file:?|importer:?) ["'\x60]?${PATH}(?![\w/(])`, 'g'),
  new RegExp(String.raw`(?=(?:file:\/\/)?\/)${PATH}(?![\w/])`, 'g'),
]
const FILE_LINE = /^(?:file|importer): /
/** A file of which a message says that it is missing is no place to look at. */
const MISSING =
  /ENOENT|no such file|not found|does not exist|cannot (?:find|read|open)|npm error path/i

/** What linters write under the name of the file: `  3:5  error  …`. */
const UNDER_ITS_FILE = /^\s{0,20}\d{1,6}:\d{1,5} {1,10}(?:error|warning|✖|×)/i
const LINE_AND_COLUMN = /(?<line>\d{1,6}):(?<column>\d{1,5})/
const FILE_ALONE = new RegExp(String.raw`^\s{0,20}${PATH}:?\s{0,20}$`)

/** How many lines under the decisive one hold its details, and above it a headline with the file. */
const DETAILS = { before: 2, after: 6 }
const FRAME = /^\s*at /

/** Where `repo` is the folder that a build is cloned into. */
const IN_REPOSITORY = /^(?:file:\/\/)?\/(?:[\w.@~-]{1,100}\/){0,20}?repo\/(?<path>.+)$/

/** Folders that tools write or install into. */
const NOT_WRITTEN_BY_HAND =
  /^internal\/|(?:^|\/)(?:node_modules|dist|site-packages|vendor|\.(?:next|nuxt|output|svelte-kit|astro|wrangler|vercel|open-next|cache|npm|pnpm|yarn|venv))\//

/** Files that may stand in the root of a repository, unlike `site.example` or `next@15.1`. */
const SOURCE =
  /\.(?:[cm]?[jt]sx?|json[c5]?|lock|toml|ya?ml|css|s[ac]ss|less|html?|vue|svelte|astro|mdx?|py|rb|go|rs|php|sh|sql|prisma|graphql|mod)$/

/** For the proof that no pattern takes long. */
export const LOCATION_PATTERNS: readonly RegExp[] = [...PLACES, ...FILES, FILE_ALONE, IN_REPOSITORY]

/** The place that the line at `at` of `lines` is about; null where nothing names one. */
export function locationIn({
  lines,
  at,
  root_directory,
}: {
  /** Without colours. */
  lines: readonly string[]
  at: number
  root_directory: string
}): SourceLocation | null {
  const decisive = lines[at] ?? ''
  const linted = LINE_AND_COLUMN.exec(decisive)?.groups
  if (UNDER_ITS_FILE.test(decisive) && linted) {
    const header = lines.slice(0, at).findLast((line) => FILE_ALONE.test(line)) ?? ''
    const file = fileOf(FILE_ALONE.exec(header)?.groups?.['file'], root_directory)
    return file === null
      ? null
      : { file, line: Number(linted['line']), column: Number(linted['column']) }
  }
  const details = lines.slice(at + 1, at + 1 + DETAILS.after)
  const headline = lines.slice(Math.max(0, at - DETAILS.before), at).reverse()
  const frames = lines.slice(at + 1).filter((line) => FRAME.test(line))
  const find = (among: readonly string[], patterns: readonly RegExp[]) =>
    first({ lines: among, patterns, root_directory })
  return (
    find([decisive, ...details.filter((line) => !FRAME.test(line))], PLACES) ??
    find(
      [decisive, ...details.filter((line) => FILE_LINE.test(line))].filter(
        (line) => !MISSING.test(line),
      ),
      FILES,
    ) ??
    find(headline, PLACES) ??
    find(
      frames.filter((line) => line.includes('/repo/')),
      PLACES,
    )
  )
}

function first({
  lines,
  patterns,
  root_directory,
}: {
  lines: readonly string[]
  patterns: readonly RegExp[]
  root_directory: string
}): SourceLocation | null {
  for (const line of lines) {
    for (const pattern of patterns) {
      for (const { groups } of line.matchAll(pattern)) {
        const file = fileOf(groups?.['file'], root_directory)
        if (file === null) continue
        return { file, line: numberOf(groups?.['line']), column: numberOf(groups?.['column']) }
      }
    }
  }
  return null
}

/** `path` from the root of the repository; null where it is outside of it, or no source file. */
function fileOf(path: string | undefined, root_directory: string): string | null {
  if (path === undefined) return null
  const inside = IN_REPOSITORY.exec(path)?.groups?.['path']
  if (inside === undefined && /^(?:file:|\/|~)/.test(path)) return null
  const whole: string[] = []
  for (const segment of (inside ?? `${root_directory}/${path}`).split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') whole.push(segment)
    else if (whole.pop() === undefined) return null
  }
  const file = whole.join('/')
  return NOT_WRITTEN_BY_HAND.test(file) || file.includes('@') || !SOURCE.test(file) ? null : file
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text)
}
