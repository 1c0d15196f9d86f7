import type { LogLine } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { createErrorDetector, wantsGoodBuild } from '../detector.ts'
import { createLineTemplates, witnessOf } from './line-templates.ts'

const built = (message: string): LogLine => [0, 'building', message]

function templatesOf(lines: readonly string[]) {
  const templates = createLineTemplates()
  for (const line of lines) templates.add(line)
  return templates.collect()
}

const KNOWN = [
  'Built in 1.42s',
  'commit 3f2a91c on main',
  'error: the remote cache is unavailable, 17 ms were lost',
  '\u001b[33mwarn\u001b[39m 3 pages have no title',
]

describe('witnessOf', () => {
  test.each([
    ['other numbers', 'Built in 11.7s', true],
    ['another hash', 'commit 09bb8e71d2 on main', true],
    ['other colours', 'warn 12 pages have no title', true],
    ['other spaces', 'Built  in 3s ', true],
    ['another word', 'Built at 1.42s', false],
    ['a line of its own', 'Quality gate: the reading score 41 is below 60', false],
  ])('knows a line again with %s', (_, line, known) => {
    expect(witnessOf(templatesOf(KNOWN))?.(line)).toBe(known)
  })

  test('does without templates of a version that it does not know', () => {
    expect(witnessOf({ ...templatesOf(KNOWN), v: 2 })).toBeUndefined()
  })
})

describe('createLineTemplates', () => {
  const letters = (n: number): string =>
    n.toString(26).replace(/\d/g, (d) => 'pqrstuvwxy'[+d] ?? '')
  const many = Array.from({ length: 30_000 }, (_, n) => `compiled ${letters(n)}`)

  test('keeps at most 32 KB of a long log', () => {
    expect(templatesOf(many).hashes.byteLength).toBe(32 * 1_024)
  })

  test('keeps lines with words of errors before others', () => {
    const known = witnessOf(templatesOf([...many, 'Error: the optional plugin is not there']))
    expect(known?.('Error: the optional plugin is not there')).toBe(true)
  })

  test('holds no text', () => {
    const { hashes } = templatesOf(['the word marmalade'])
    expect(hashes.byteLength).toBe(4)
  })
})

describe('a failed build whose words no signature knows', () => {
  const good = [
    '> node build.mjs',
    'Reading 17 pages',
    'error: the remote cache is unavailable, 17 ms were lost',
    'Writing the pages',
  ]
  const bad = [
    '> node build.mjs',
    'Reading 2931 pages',
    'error: the remote cache is unavailable, 2931 ms were lost',
    'Writing the pages',
    'Quality gate: the reading score 41 is below 60',
    'error: the remote cache is unavailable, 2931 ms were lost',
  ]
  const failure_reason = 'build_command_failed'

  test('is explained by the line that the last good build did not print', () => {
    const detector = createErrorDetector()
    detector.push(bad.map(built))
    const alone = detector.finish({ failure_reason })
    expect(wantsGoodBuild(alone)).toBe(true)
    expect(alone.errors[0]?.line).not.toBe(4)
    const { errors } = detector.finish({ failure_reason, good_build: templatesOf(good) })
    expect(errors[0]?.line).toBe(4)
    // Asked again without, it answers as before.
    expect(detector.finish({ failure_reason })).toEqual(alone)
  })

  test.each([
    ['nothing but what a mask left', ['***', '---']],
    ['much else', Array.from('abcdefg', (letter) => `wrote the page ${letter}${letter}`)],
  ])('is explained as without one where it printed %s that is new', (_, lines) => {
    const detector = createErrorDetector()
    const end = 'Failed: error occurred while running build command'
    detector.push([...good.slice(0, 2), ...lines, end].map(built))
    const { errors } = detector.finish({ failure_reason, good_build: templatesOf(good) })
    expect(errors[0]).toMatchObject({ cause: 'build_command_failed' })
  })

  test('says what it said when the good build printed all of it', () => {
    const detector = createErrorDetector()
    detector.push(bad.map(built))
    const { errors } = detector.finish({ failure_reason, good_build: templatesOf(bad) })
    expect(errors[0]?.line).toBe(detector.finish({ failure_reason }).errors[0]?.line)
  })
})

test('a failure that a signature knows asks for no good build', () => {
  const detector = createErrorDetector()
  detector.push([built('✘ [ERROR] Could not resolve "./balance"')])
  expect(wantsGoodBuild(detector.finish({ failure_reason: 'deploy_command_failed' }))).toBe(false)
})

test('a log without a line asks for no good build', () => {
  expect(wantsGoodBuild(createErrorDetector().finish())).toBe(false)
})
