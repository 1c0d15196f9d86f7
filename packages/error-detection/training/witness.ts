/**
 * `pnpm --filter @workers-builds/error-detection run witness`: how often the right line comes first
 * with what the last good build printed, and without. Builds pairs of real projects with npm: each
 * prints words of errors in good builds too, and then fails of something that no signature knows, in
 * the words of its own scripts.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { detect, wantsGoodBuild } from '../src/detector.ts'
import { createLineTemplates } from '../src/witness/line-templates.ts'

/** What a project's build prints whether it is good or not; `n` differs from build to build. */
const HABITS: Readonly<Record<string, string>> = {
  cache: `console.error('error: the remote cache is unavailable, ' + n + ' ms were lost')`,
  plugin: `console.error('Failed to load the optional plugin quill-images: not installed')`,
  sitemap: `for (const page of ['about', 'team']) console.error('[sitemap] Error: no date for /' + page)`,
  translations: `for (let i = 0; i < 12; i++) console.error('Could not find a translation of key nav.' + i + ' in locale de')`,
  texts: `console.error('ERROR  Missing alternative text in content/post-' + n + '.md')`,
  caught: `try { null.ink } catch (error) { console.error(error) }`,
  metrics: `console.error('analytics: connection refused, ' + n + ' events were dropped')`,
  lint: `console.error('ink.css: invalid colour "blueish"'); console.error('  unknown unit "quill" in line 4')`,
}

/** How the build fails: the line that says so, and how the script ends. */
const FAILURES: Readonly<Record<string, { says: string; script: string }>> = {
  menu: { says: 'The menu has no entry for the page pricing', script: '' },
  prices: { says: '✗ Publishing stopped: 3 recipes lack a price', script: '' },
  gate: { says: 'Quality gate: the reading score 41 is below 60', script: '' },
  ledger: { says: 'the ledger does not balance: 12 are not 13', script: 'throw' },
  glossary: { says: 'error in the glossary: "ink" is named twice', script: '' },
  recipe: { says: 'invalid recipe: the flour is negative', script: '' },
  archive: { says: 'cannot publish: the archive of 2019 is sealed', script: '' },
}

interface Outcome {
  asked: boolean
  without: boolean
  with: boolean
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'witness-'))
  const outcomes: Outcome[] = []
  try {
    for (const habit of Object.keys(HABITS)) {
      for (const failure of Object.keys(FAILURES)) {
        outcomes.push(tryPair(join(folder, `${habit}-${failure}`), habit, failure))
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const count = (what: keyof Outcome) => outcomes.filter((outcome) => outcome[what]).length
  console.log(
    JSON.stringify({
      pairs: outcomes.length,
      asked: count('asked'),
      right_line_first_without: count('without'),
      right_line_first_with: count('with'),
    }),
  )
}

function tryPair(folder: string, habit: string, failure: string): Outcome {
  const good = buildLog(folder, { habit, n: 17 })
  const bad = buildLog(folder, { habit, n: 2931, failure })
  const { says = '' } = FAILURES[failure] ?? {}
  const templates = createLineTemplates()
  for (const line of good) templates.add(line)
  const context = { failure_reason: 'build_command_failed' as const }
  const without = detect(bad, context)
  const asked = wantsGoodBuild(without)
  const found = asked ? detect(bad, { ...context, good_build: templates.collect() }) : without
  const isRight = ({ errors: [first] }: typeof without) =>
    first !== undefined && (bad[first.line ?? -1] ?? '').includes(says)
  const outcome = { asked, without: isRight(without), with: isRight(found) }
  if (!outcome.with) {
    const said = found.errors[0]?.line ?? -1
    console.error(`${habit}, ${failure}: "${bad[said] ?? ''}" comes first`)
  }
  return outcome
}

/** The log of a real build. */
function buildLog(
  folder: string,
  { habit, n, failure }: { habit: string; n: number; failure?: string },
): string[] {
  const { says = '', script = '' } = FAILURES[failure ?? ''] ?? {}
  const fails =
    script === 'throw'
      ? `throw new Error(${JSON.stringify(says)})`
      : `console.error(${JSON.stringify(says)}); process.exitCode = 1`
  mkdirSync(folder, { recursive: true })
  const manifest = { name: 'quills', private: true, scripts: { build: 'node build.mjs' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(
    join(folder, 'build.mjs'),
    [
      `const n = ${n}`,
      `console.log('Reading ' + n + ' pages')`,
      HABITS[habit],
      `console.log('Writing the pages')`,
      failure === undefined ? `console.log('Wrote ' + n + ' pages')` : fails,
      `console.log('Cleaning up')`,
      HABITS[habit],
    ].join('\n'),
  )
  const { stdout, status } = spawnSync('npm run build 2>&1', {
    cwd: folder,
    shell: true,
    encoding: 'utf8',
  })
  if ((status === 0) !== (failure === undefined))
    throw new Error(`it ended with ${status}: ${stdout}`)
  return stdout.split('\n')
}

main()
