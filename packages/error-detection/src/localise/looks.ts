/**
 * What a line looks like, whichever tool prints it. Each look is one bit, so that a line is read
 * once and asked often.
 *
 * @module
 */

/** Patterns on a line's core: its message, normalised. */
const CORE_LOOKS = {
  /** `✘ [ERROR] …`, `⨯ …` */
  glyph: /^(?:✘|✖|×|⨯|❌|✗|🚨|■|[Xx] (?=\[?[A-Z]))/u,
  fatal:
    /^\[?(?:fatal|panic|uncaught|unhandled)\b|(?:^|\.{3})(?:Killed|Terminated|Aborted|Segmentation fault|Bus error)\b/i,
  /** `TypeError: …`, `[PackageError] …` */
  exception: /^(?:\[[^\]]{1,40}\] ?)?(?:[\w.]{1,60}\.)?\w{0,60}(?:Error|Exception)\b[ :[(\]]/,
  /** `error: …`, `[ERROR] …`, `Error  …` */
  error_head:
    /^(?:\[[^\]]{1,40}\] ?)?\[?(?:error|ERROR|Error|ERR!|err(?=\]))(?:\[\w{1,20}\])?(?:\b|(?<=!))[\]: ]/,
  /** `Failed to …` */
  failed_head:
    /^(?:\[[^\]]{1,40}\] ?|\* )?(?:Failed|FAILED|failed to|Cannot|Can't|Could not|Couldn't|Unable|Invalid|Missing|Unknown|Unexpected|No such)\b/,
  error_word: /\b(?:error|exception|fatal|failure)\b ?[:!]/i,
  negative:
    /\b(?:failed|cannot|can't|could not|couldn't|unable to|not found|no such|refused|denied|does not|doesn't|did not|is not|are not|must be|isn't|not allowed|not supported|not exported|not defined)\b/i,
  bad: /\b(?:invalid|missing|unexpected|undefined|unknown|unsupported|exceed(?:s|ed)?|required|expected|unresolved|incompatible|mismatch|duplicate|conflict\w{0,3}|already|timed out|too (?:large|many|long|old)|killed|unauthorized|forbidden)\b/i,
  code: /\bTS\d{3,5}\b|\b[A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{1,60}\b|\bE[A-Z]{3,30}\b|\[code: \d{1,9}\]|YN\d{4}/,
  warn: /\b(?:warn|warning|WARN|WARNING|deprecated|notice)\b/i,
  url: /https?:\/\//,
  quoted: /['"`‘“][^'"`]{1,200}['"`’”]/,
  colon_end: /[:：]$/,
  /** `note: …`, `[vite]: …` */
  labelled: /^(?:[\w-]{1,30}: |\[\w)/,
  /** Advice, not a reason. */
  advice:
    /^(?:> Run with|please|try|see|run|use|learn more|hint|help|note|tip|did you|if you|to (?:fix|see|get|learn)|for more|you (?:can|may|might|need)|make sure|consider|check|read more|more info)\b|^(?:🪵|ℹ|→|💡)|\b(?:learn more|for more (?:details|info\w{0,10})|more info\w{0,10} (?:at|about|on))\b/iu,
  /** The end of a command that failed: it says where, not why. */
  exit: /\bexit(?:ed)?(?: with)?(?: exit)?(?: code| status)?:? ?\(?\d|ELIFECYCLE|\b[Bb]uild failed\b|\b[Cc]ommand failed\b|command "[^"]{1,300}" exited|^Failed: (?!error:)|failed with exit|A complete log|Process completed|returned (?:a )?non-zero|lifecycle script|Build error occurred|Failed to compile|error during build|^\d{1,6} (?:errors?|problems?)\b|\b(?:errors?|warnings?) (?:found|occurred|generated)\b|\b(?:build|Build)\b.{0,40}\bcommand failed|^Exit code: \d|^Exit status|^npm error (?:path|command|workspace|location|code \d)|returned exit code|build\.command failed/,
  /** A command, or the build, ended badly: no doubt is left. */
  failed_exit:
    /ELIFECYCLE|\bexit(?:ed)?(?: with)?(?: exit)?(?: code| status)?:? ?\(?[1-9]|^Failed: (?!error:)|\b(?:Build|build) failed\b|\bFailing build\b|\bCommand failed\b|non-zero|^npm (?:ERR!|error) (?:code|A complete|errno)|Push rejected|error during build|Failed to compile|Build error occurred|Failed during stage|^FAILURE: |run failed|Unable to build|rejected/,
  /** Nothing failed, though the line sounds like it. */
  zero: /\b0 errors?\b|\bcode:? 0\b|\b[Cc]ancell?ed\b|^0 /,
  /** `Found 3 errors.`, `1 failed` */
  count:
    /^(?:Found )?\d{1,6} (?:\w{1,20} )?(?:errors?|problems?|failures?|failed|warnings?)\b|^[✖×] \d{1,6} problems?\b/,
  success:
    /^(?:✓|✔|√|✨|🎉|⚡️? ?Done)|\b(?:[Ss]uccess(?:fully)?|completed|Done in|built in|[Cc]ompiled successfully|Finished(?! processing)|up to date|added \d{1,6} packages)\b|^(?:Deployed|Uploaded) /u,
  retry:
    /\b(?:retry|retrying|attempt \d|Ignoring|ignored|skipp(?:ed|ing)|fall(?:ing)? ?back|continuing)\b/i,
  npm_error: /^npm (?:ERR!|error)/,
  /** `errno: -2,` */
  property:
    /^['"]?[\w$]{1,40}['"]?: (?:['"[{\d-]|true|false|null|undefined|Symbol|\[?Function)|^[\]})]{1,4}[,;]?$/,
  sentence: /^[A-Z"'`].{10,}[.!]$/,
  /** What brings other failures about: the system itself. */
  system:
    /\b(?:no such file or directory|permission denied|heap space|out of memory|could not resolve host|timed? ?out|no space left|command not found|connection (?:refused|reset)|network)\b|: not found$/i,
} as const satisfies Record<string, RegExp>

/** Patterns on a line's text, its white space kept. */
const TEXT_LOOKS = {
  frame:
    /^\s{0,40}at (?:async |new )?[\w$.<>[\]# ]{0,200}\(?.{0,400}:\d{1,7}(?::\d{1,7})?\)?(?: \{)?$|^\s{1,40}at \S|^\s{1,20}File ".{1,300}", line \d|^\s{0,8}\.{3} \d{1,5} (?:more )?lines? match/,
  code_frame:
    /^\s{0,12}(?:>\s{0,4})?\d{1,6} ?[|│:]\s|^\s{0,60}[|│╵╷╰·]?\s{0,400}[\^~]{1,400}\s{0,4}$|^\s{0,12}[|│╵]\s{0,200}[╵^~─]{0,400}$|^\s{0,8}[╭╰├┌└]─/,
  position: /[\w/\\\])-]\.\w{1,6}(?::\d{1,7}|\(\d{1,7},\d)|\bline \d{1,7}\b|\[\d{1,6}:\d{1,6}\]/,
  /** `./src/a.ts`, alone on its line, or with a position */
  file_only:
    /^\s{0,8}(?:file: ?)?(?:\.{0,2}\/|[\w@.-]{1,80}[/\\])[\w@./\\[\]()-]{1,200}\.\w{1,6}(?::\d{1,7}(?::\d{1,7})?:?)?$/,
  list_item: /^\s{0,12}(?:[-*•→>]|\d{1,3}[.)]) \S/,
  indented: /^\s{2,}\S/,
  /** A linter's warning, and what a verbose npm prints. */
  harmless:
    /^\s{0,12}\d{1,7}:\d{1,7}\s{1,8}warning\b|^(?:\d{1,7} )?(?:silly|verbose|http|info|timing)\b|^##\[(?:warning|debug|notice|group|endgroup)\]|^\[(?:INFO|debug|[\w-]{1,20}:info)\]/,
  /** The properties of a printed object, and its end. */
  brace: /^\s{0,12}[\]})]{1,4}[,;]?$|\{$/,
} as const satisfies Record<string, RegExp>

export type CoreLook = keyof typeof CORE_LOOKS
export type TextLook = keyof typeof TEXT_LOOKS
export type Look = CoreLook | TextLook

const PATTERNS: Readonly<Record<Look, RegExp>> = { ...CORE_LOOKS, ...TEXT_LOOKS }

export const LOOKS = Object.keys(PATTERNS) as Look[]

const READERS = new Map(
  LOOKS.map((look, id) => [look, { id, pattern: PATTERNS[look], ofCore: look in CORE_LOOKS }]),
)
type Reader = NonNullable<ReturnType<typeof READERS.get>>

/** For the proof that no pattern takes long. */
export const LOOK_PATTERNS: readonly RegExp[] = Object.values(PATTERNS)

/** A line that may be the answer holds one of these, or stands right below one that does. */
export const SUSPECT =
  /[Ee]rr|ERR|[Ff]ail|FAIL|[Ff]atal|FATAL|[Ee]xcep|[Ee]xceed|[Pp]anic|PANIC|[Uu]ncaught|[Uu]nhandled|[Cc]annot|CANNOT|an't|ould ?n[o']|[Uu]nable|not |NOT |n't |o such|[Rr]efused|[Dd]enied|[Ii]nvalid|INVALID|[Mm]issing|[Uu]nexpected|[Uu]nknown|[Uu]ndefined|[Uu]nsupported|must |[Rr]equire|[Ee]xpected|[Rr]esolve|[Ii]ncompat|[Mm]ismatch|[Dd]uplicate|[Cc]onflict|lready|imed ?out|IMEDOUT|oo (?:large|many|long|old)|[Kk]illed|[Tt]erminated|[Uu]nauthor|[Ff]orbid|[Aa]bort|[Ss]egmentation|[Ee]xit|LIFECYCLE|non-zero|[Rr]ejected|[✘✖×⨯❌✗■]|\ud83d\udea8|code:|[A-Z]_[A-Z]|\bE[A-Z]{3}|\bTS\d|eap space/

/** The line below the message of an error that was thrown. */
export const STACK = /^\s{1,40}at \S|^\s{0,8}Stack trace:/

/** A line that says of nothing but a success holds one of these. */
export const SUCCEEDS =
  /[✓✔√✨]|\ud83c\udf89|\b(?:[Ss]uccess(?:fully)?|completed|Done in|built in|[Cc]ompiled successfully|Finished(?! processing)|up to date|added \d{1,6} packages)\b|(?:^|[\t ])(?:Deployed|Uploaded) /

/** A line that echoes a command holds one of these. */
export const MAY_ECHO =
  /(?:^|[\t :|])(?:>|\$|\+{1,2}|#|%|➜) {1,4}[\w"'@./-]|Executing|Running|Run |RUN |\[command\]|ommand|Task |build\$ |[A-Z]:\\[^>]{0,200}>/

/** The looks of a line whose text is `text` and whose normalised message is `core`. */
export class Looks {
  readonly #text: string
  readonly #core: string
  readonly #known: (boolean | undefined)[] = []

  constructor(text: string, core: string) {
    this.#text = text
    this.#core = core
  }

  has(look: Look): boolean {
    const { id, pattern, ofCore } = READERS.get(look) as Reader
    this.#known[id] ??= pattern.test(ofCore ? this.#core : this.#text)
    return this.#known[id]
  }
}
