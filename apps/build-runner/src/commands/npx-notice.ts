/**
 * npx downloads what is not installed, in whatever version is the newest, and says so in one line
 * that is easily missed: a Worker may be deployed by a wrangler that nobody chose.
 */
import { stripVTControlCharacters } from 'node:util'
import type { BuildContext } from '../build-context.ts'
import type { Dependencies } from './project-dependencies.ts'

/** npm warn exec The following package was not found and will be installed: semver@7.8.6 */
const NOTICE =
  /^npm warn exec The following packages? (?:was|were) not found and will be installed: (.+)$/i

/** What only such a line has; most lines are known by it not to be one. */
const NOTICE_PART = ' not found and will be installed: '

/** Warns of the packages that npx announces in `line`, if it does. */
export function warnOfNpx(
  { log }: Pick<BuildContext, 'log'>,
  { line, dependencies }: { line: string; dependencies: Dependencies },
): void {
  if (!line.includes(NOTICE_PART)) return
  const [, list] = NOTICE.exec(stripVTControlCharacters(line).trim()) ?? []
  const asked = { ...dependencies.dependencies, ...dependencies.devDependencies }
  for (const found of list?.split(', ') ?? []) {
    const name = found.slice(0, found.lastIndexOf('@')) || found
    const { [name]: version } = asked
    if (version === undefined) {
      log.warn`Warning: npx downloads ${found}, since ${name} is not installed: add it to devDependencies, so that builds use a version that you chose.`
    } else {
      log.warn`Warning: npx downloads ${found}, since ${name} is not installed here; package.json asks for ${name}@${version}.`
    }
  }
}
