/**
 * Which command a line belongs to. Logs echo the commands that they run, in the ways of shells,
 * package managers and CI services.
 *
 * @module
 */

/** Each captures the command. */
export const COMMAND_ECHOES: readonly RegExp[] = [
  // npm, pnpm, yarn berry: "> next build"; not a code frame's "> 12 |", nor a sentence
  /^> (?!\d{1,6} ?[|│:]|[A-Z])(\S.{0,500})$/,
  /^\$ (\S.{0,500})$/,
  /^(?:[#=]{1,3}>? )?(?:Executing|Running) (?:user )?(?:build |deploy |install )?command:? (\S.{0,500})$/,
  // deno, pnpm in workspaces, `set -x`
  /^Task [\w:-]{1,60} (\S.{0,500})$/,
  /^[\w@./-]{1,100} [\w:-]{1,60}\$ (\S.{0,500})$/,
  // no line of a difference either: "+ version: 8"
  /^\+{1,9} (?![\w"'@./-]{1,100}:(?: |$))(\S.{0,500})$/,
  /^(?:Running|Run|Detected) [`"'](\S[^`"']{1,500})[`"']/,
  /^##\[group\]Run (\S.{0,500})$/,
  /^Run (\S.{0,500})$/,
  /^\[command\](\S.{0,500})$/,
  /^(?:Installing project dependencies|Install command|Build command)(?: from [^:]{1,60})?: (\S.{0,500})$/,
  // Docker: "#12 [build 4/6] RUN npm ci", "Step 4/6 : RUN npm ci"
  /^(?:#\d{1,4} )?\[[^\]]{1,60}\] RUN (\S.{0,500})$/,
  /^Step \d{1,3}\/\d{1,3} : RUN (\S.{0,500})$/,
  // prompts: "PS C:\site> npx …", "ada@mac site % npx …", "➜  site git:(main) npx …"
  /^(?:PS )?[A-Z]:\\[^>]{0,200}>\s?(\S.{0,500})$/,
  /^(?:\([\w.-]{1,40}\) )?[\w.-]{1,40}@[\w.-]{1,60}[ :][^$%#]{0,100}[$%#] (\S.{0,500})$/,
  /^➜ {1,4}\S{1,80}(?: git:\([^)]{1,80}\))?(?: ✗)? (\S.{0,500})$/,
  // Yarn classic's and others' "[4/5] …" are no commands; Netlify prints "$ npm run build" as above.
]

const ANY_ECHO = new RegExp(COMMAND_ECHOES.map(({ source }) => source).join('|'))

/** The command that a line, `text` without what stands before every line, echoes. */
export function echoedCommand(text: string): string | undefined {
  if (!ANY_ECHO.test(text)) return undefined
  for (const echo of COMMAND_ECHOES) {
    const command = echo.exec(text)?.[1]
    if (command !== undefined) return command
  }
  return undefined
}
