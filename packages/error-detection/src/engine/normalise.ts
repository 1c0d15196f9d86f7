/**
 * Makes one form of the many in which a tool's message reaches a log: colours, time stamps and the
 * prefixes of whatever ran it are taken off, white space is made one.
 *
 * @module
 */

/** Longest message that is looked at; it bounds what any pattern can cost. */
export const MAX_LENGTH = 2_048

/** Most of a line that is read before its colours are taken off. */
const MAX_RAW_LENGTH = 4 * MAX_LENGTH

// CSI and OSC sequences, and the two-character ones.
const ANSI = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f\ufeff]/g

/** `message` without colours, control characters and what a progress bar has overwritten. */
export function plainText(message: string): string {
  let text = message.length > MAX_RAW_LENGTH ? message.slice(0, MAX_RAW_LENGTH) : message
  if (text.includes('\x1b')) text = text.replace(ANSI, '')
  if (text.includes('\r')) text = lastOverwrite(text)
  return text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text
}

function lastOverwrite(text: string): string {
  return text.split('\r').findLast((part) => part.trim() !== '') ?? ''
}

/** What stands in front of a message; each is taken off as often as it occurs. */
export const PREFIXES: readonly RegExp[] = [
  // Build & Deploy	Publish to Cloudflare Pages	2026-03-08T22:28:06.4693120Z …  (gh run view)
  /^[^\t]{1,80}\t[^\t]{1,80}\t(?=\d{4}-\d\d-\d\dT)/,
  // 2026-01-17T19:15:23.209Z	…   2025-11-19 08:11:22,545 …
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?[ \t]*/,
  // 14:24:44.378	…   7:03:04 PM: …   [12:01:22] …
  /^\[?\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?(?: [AP]M)?\]?:?(?:[ \t]+|$)/,
  // #12 6.750 …   6.750   …  (docker build)
  /^#\d{1,4} (?:\d{1,5}\.\d{1,3} )?/,
  /^\d{1,5}\.\d{1,3} {1,3}(?=[ A-Za-z×│╰])/,
  // remote: …  (git)   Building: …  (vercel)   ##[error]…  (GitHub Actions)   Step #0: …
  /^(?:remote|Building|stderr|stdout): /,
  /^(?:##|::)\[?error\]?(?:[^:\n]{0,80}::)?/,
  /^Step #\d{1,4}(?: - "[^"]{1,40}")?: /,
  // web:build: …  (turbo)   @acme/web: …  (lerna)   apps/web build: …  (pnpm -r, bun --filter)
  /^[@\w./-]{1,80}:[a-z][\w:-]{0,40}: (?=\S)/,
  /^@[\w-]{1,60}\/[\w.-]{1,60}: (?=\S)/,
  /^[@a-z./][@\w./-]{0,80} (?:build|lint|typecheck|type-check|check|compile|prebuild|postbuild|(?:pre|post)?install|prepare|generate|deploy)(?::[\w-]{1,40})?: (?=\S)/,
  // [INFO] npm ERR! …  (Maven)
  /^\[INFO\] (?=npm (?:ERR!|error))/,
  // node.exe : …  (PowerShell)
  /^[\w.-]{1,30}\.(?:exe|ps1|cmd) : /,
  // [0] …  (concurrently)   │ …  (boxes)
  /^\[\d{1,2}\] /,
  /^[│┃|] {1,80}/,
]

/**
 * `└─ /index.htmlfetch failed`: Astro prints what a page throws, without the class of the error,
 * where it would have printed how long the page took.
 */
export const ASTRO_PAGE =
  /^[├└]─ \/\S{0,300}?\.(?:html|xml|json|txt|md|js|css|svg|png|ics|csv|webmanifest)(?=[^\s(])/

/** `├─ /blog/index.html (+12ms)`: a page that was built. Large sites have thousands of them. */
export const ASTRO_PAGE_DONE = /─ \/\S{0,300} \(\+[\d.]{1,12}m?s\)$/

/** Whether `text`, raw, is that of a page that was built: no more has to be known of it. */
export function isPageDone(text: string): boolean {
  return text.endsWith('s)') && ASTRO_PAGE_DONE.test(text)
}

/** A message that says what error it is: `[NoAdapterInstalled] …`, `TypeError: …`. */
export const NAMED = /^(?:\[[A-Z]\w{2,60}\]|\[?\w{0,40}Error: )/

const ANY_PREFIX = oneOf(PREFIXES)

/** `plainText` of a line as templates are compared with it. */
export function normalise(text: string): string {
  let message = text.replace(CONTROL, '').trim()
  for (let prefix = ANY_PREFIX.exec(message); prefix; prefix = ANY_PREFIX.exec(message)) {
    message = message.slice(prefix[0].length).trimStart()
  }
  const page = ASTRO_PAGE.exec(message)?.[0]
  if (page) message = inAstroPage(message.slice(page.length))
  return oneForm(message.replace(/\s{1,2048}/g, ' '))
}

/** `message` as it is printed elsewhere: after the class of its error, or after its name. */
function inAstroPage(message: string): string {
  return NAMED.test(message) ? message : `Error: ${message}`
}

/** One spelling for the heads that changed between versions, and between terminals. */
function oneForm(message: string): string {
  return message
    .replace(/^(?:npm|pnpm) (?:ERR!|error) ?/, 'npm error ')
    .replace(/^npm WARN /, 'npm warn ')
    .replace(/^[^\s\w[]{1,6} \[ERROR\] ?|^[^\s[]{1,6} \[ERROR\] /, '✘ [ERROR] ')
    .trimEnd()
}

/** Lines that tell of no failure, whatever words they hold. */
export const NOISE: readonly RegExp[] = [
  // warnings and notices
  /^(?:npm )?(?:warn|WARN|warning|Warning|WARNING|notice|hint|info|INFO|debug|DEBUG)\b(?!\w*Error|, treated as error)/,
  /^npm (?:warn|notice|http|info|verbose|silly|timing)\b/,
  /^\d{1,9} (?:silly|verbose|http|info|warn|timing) /,
  /^\[(?:WARN|WARNING|warn|warning|INFO|info|DEBUG)\](?! Code style issues)/,
  /^(?:⚠|⚠️|▲|ΓÜá|<w>|\(!\)|ℹ|i ) ?(?!\[ERROR\])/,
  /^\S{1,4} \[WARNING\]/,
  /^\(node:\d{1,9}\)/,
  /\[(?:WARN|WARNING)\]/,
  // what esbuild says when its caller has no more need of it
  /^✘ \[ERROR\] The build was canceled$/,
  // what a bundler has written, with its size
  /^\S{1,300} \d{1,9}(?:[.,]\d{1,3}){0,3} [kMG]?B(?: [│|]|$)/,
  // an error that may be seen later
  /^(?:\[[@\w/-]{1,60}\] )?If you see the error\b/,
  // how Wrangler ends
  /^If you think this is a bug\b|^\S{1,4} Logs were written to /,
  // something that is tried again
  /\b(?:[Rr]etrying|[Ww]ill retry|[Tt]rying again|attempt \d{1,3} failed|attempt \d{1,3} of \d{1,3})\b/,
  // frames of a stack, and of source code
  /^at (?:[\w.<>$#[\] ]{1,200} )?\(?(?:file:|node:|[\w@./\\-]{1,200}:\d)/,
  /^>? ?\d{1,6} ?[|│]/,
  // a command that is only echoed
  /^\$ /,
  /^\[command\]/,
]

const ANY_NOISE = oneOf(NOISE)

/** Whether `message`, normalised, is one that is printed by builds that succeed as well. */
export function isNoise(message: string): boolean {
  return ANY_NOISE.test(message)
}

/** One pattern for all: a single call per line. */
function oneOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'))
}
