import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { detectorHash } from '../scripts/detector-hash.ts'
import { DETECTOR_HASHES } from './detector-hashes.ts'
import { DETECTOR_VERSION } from './version.ts'

const LIST = 'detector-hashes.ts'

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** The list as each commit left it; undefined where there is no Git history to ask. */
function committedLists(): string[][] | undefined {
  try {
    const commits = git('log', '--full-history', '--format=%H', '--', LIST)
      .split('\n')
      .filter(Boolean)
    return commits.map((commit) => hashesIn(git('show', `${commit}:./${LIST}`)))
  } catch {
    return undefined
  }
}

function hashesIn(source: string): string[] {
  return [...source.matchAll(/^ {2}'([0-9a-f]{16})',$/gm)].map(([, hash]) => hash as string)
}

/** Whether `earlier` is `later` without some of its members. */
function isPartOf(earlier: readonly string[], later: readonly string[]): boolean {
  let found = 0
  for (const hash of later) if (hash === earlier[found]) found++
  return found === earlier.length
}

test('code that detects in another way has a version of its own', async () => {
  expect(
    DETECTOR_HASHES.at(-1),
    'the detector has changed: run `pnpm --filter @workers-builds/error-detection run version`',
  ).toBe(await detectorHash())
})

test('a comment is no change of the detector, and a pattern is', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'detector-'))
  try {
    cpSync(import.meta.dirname, copy, { recursive: true })
    appendFileSync(join(copy, 'engine/mask.ts'), '\n// a comment\n')
    expect(await detectorHash(copy)).toBe(await detectorHash())
    appendFileSync(join(copy, 'engine/mask.ts'), '\nPUBLIC_CODE.test("P1")\n')
    expect(await detectorHash(copy)).not.toBe(await detectorHash())
  } finally {
    rmSync(copy, { recursive: true })
  }
})

test('the version is higher than those in databases from before the list', () => {
  expect(DETECTOR_VERSION).toBeGreaterThan(4)
})

test('no version that was ever committed is changed or removed', ({ skip }) => {
  const lists = committedLists()
  if (!lists?.length) return skip('there is no Git history to compare the list with')
  for (const list of lists) {
    expect(
      isPartOf(list, DETECTOR_HASHES),
      'the list only grows: restore its lines, and run `pnpm --filter @workers-builds/error-detection run version`',
    ).toBe(true)
  }
})

test('a list whose last line was changed instead is noticed', () => {
  expect(isPartOf(['a', 'b'], ['a', 'c'])).toBe(false)
  expect(isPartOf(['a', 'b'], ['a', 'x', 'b', 'c'])).toBe(true)
  expect(isPartOf(['a', 'b'], ['a'])).toBe(false)
})
