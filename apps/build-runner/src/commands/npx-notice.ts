/**
 * npx downloads what is not installed, in whatever version is the newest, and says so in one line
 * that is easily missed: a Worker may be deployed by a wrangler that nobody chose.
 */
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import type { BuildContext } from '../build-context.ts'
import { MAX_MANIFEST_BYTES, readText, UnreadableFile } from '../files/read-file.ts'

/** npm warn exec The following package was not found and will be installed: semver@7.8.6 */
const NOTICE =
  /^npm warn exec The following packages? (?:was|were) not found and will be installed: (.+)$/i

const Dependencies = z.record(z.string(), z.string()).catch({})
const Manifest = z.object({ dependencies: Dependencies, devDependencies: Dependencies })

/** The packages that package.json in `folder` asks for, with their versions. */
export async function readDependencies(folder: string): Promise<Map<string, string>> {
  try {
    const text = await readText({
      path: join(folder, 'package.json'),
      maxBytes: MAX_MANIFEST_BYTES,
    })
    const { dependencies, devDependencies } = Manifest.parse(JSON.parse(text ?? '{}'))
    return new Map([...Object.entries(dependencies), ...Object.entries(devDependencies)])
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof UnreadableFile) return new Map()
    if (error instanceof z.ZodError) return new Map() // no object
    throw error
  }
}

/** What only such a line has; most lines are known by it not to be one. */
const NOTICE_PART = ' not found and will be installed: '

/** Warns of the packages that npx announces in `line`, if it does. */
export function warnOfNpx(
  { log }: Pick<BuildContext, 'log'>,
  { line, dependencies }: { line: string; dependencies: Map<string, string> },
): void {
  if (!line.includes(NOTICE_PART)) return
  const [, list] = NOTICE.exec(stripVTControlCharacters(line).trim()) ?? []
  for (const found of list?.split(', ') ?? []) {
    const name = found.slice(0, found.lastIndexOf('@')) || found
    const version = dependencies.get(name)
    if (version === undefined) {
      log.warn`Warning: npx downloads ${found}, since ${name} is not installed: add it to devDependencies, so that builds use a version that you chose.`
    } else {
      log.warn`Warning: npx downloads ${found}, since ${name} is not installed here; package.json asks for ${name}@${version}.`
    }
  }
}
