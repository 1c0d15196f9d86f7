import process from 'node:process'
import { check } from 'recheck'
import { describe, expect, test } from 'vitest'
import { ECHOES, NOISE, PREFIXES } from './engine/normalise.ts'
import { detect } from './index.ts'
import { knowledgeBase } from './knowledge.ts'
import { TREE_PATTERNS } from './localise/command-tree.ts'
import { TWO_WORDS } from './localise/line-kinds.ts'
import { LOOK_PATTERNS, MAY_ECHO, STACK, SUCCEEDS, SUSPECT } from './localise/looks.ts'
import { NAMES_TASK } from './localise/prefixes.ts'
import { COMMAND_ECHOES } from './localise/sections.ts'
import { VERDICT_PATTERNS } from './localise/verdict.ts'
import { PHRASES } from './naming/phrases.ts'
import { PUBLIC_VALUES } from './public/values.ts'
import type { Tool } from './signature.ts'
import { TOOLS } from './signatures/index.ts'
import { LOCATION_PATTERNS } from './source-location.ts'
import { TEMPLATE_PATTERNS } from './witness/line-templates.ts'

const { signatures } = knowledgeBase()

/** Every pattern that meets a line of a log; templates are matched without any. */
function patterns(): RegExp[] {
  const ofSignatures = signatures.flatMap(({ source: { when, unless, previous, named_by = [] } }) =>
    [when, unless, previous, ...named_by.flatMap((line) => [line.when, line.after])].filter(
      (pattern) => pattern !== undefined,
    ),
  )
  return [
    ...ofSignatures,
    ...TOOLS.flatMap(patternsOf),
    ...Object.values(PUBLIC_VALUES).map(({ token }) => token),
    ...PREFIXES,
    ...NOISE,
    ...ECHOES,
    ...LOCATION_PATTERNS,
    ...LOOK_PATTERNS,
    ...COMMAND_ECHOES,
    ...TREE_PATTERNS,
    ...VERDICT_PATTERNS,
    TWO_WORDS,
    NAMES_TASK,
    ...TEMPLATE_PATTERNS,
    SUSPECT,
    SUCCEEDS,
    STACK,
    MAY_ECHO,
    ...PHRASES.map(({ says }) => says),
  ]
}

/** What is peculiar to the lines of a tool. */
function patternsOf(tool: Tool): RegExp[] {
  const { prefixes = [], heads = [], lead_ins = [], noise = [], routine = [], markers = [] } = tool
  return [
    ...prefixes,
    ...heads.map(({ written }) => written),
    ...lead_ins.flatMap(({ written, unless }) => [written, unless]),
    ...noise,
    ...routine.map(({ when }) => when),
    ...markers.map(({ when }) => when),
    ...(tool.list_heads ? [tool.list_heads.any, tool.list_heads.warning] : []),
  ]
}

const bySource = new Map(
  patterns().map((pattern) => [`${pattern.source} ${pattern.flags}`, pattern]),
)

/**
 * The pattern with at most 4 repetitions where it allows more. A bounded repetition is a constant
 * factor whatever its bound, and of larger ones the checker has no proof but only attacks at random.
 */
function shortened(pattern: string): string {
  return pattern.replaceAll(/\{(\d+),(\d+)\}/g, (_, least, most) => {
    return `{${Math.min(Number(least), 4)},${Math.min(Number(most), 4)}}`
  })
}

describe('no pattern can be made to take long', () => {
  test.each([...bySource])(
    '%s',
    async (_name, { source, flags }) => {
      const sticky = flags.includes('y')
      const pattern = shortened(sticky ? `^(?:${source})` : source)
      // On a busy machine its own limit of ten seconds leaves a pattern unknown.
      const diagnostics = await check(pattern, flags.replace('y', ''), { timeout: 120_000 })
      expect(diagnostics.status, JSON.stringify(diagnostics)).toBe('safe')
    },
    150_000,
  )
})

describe('whatever is in a log', () => {
  const random = randomSource(11)
  const literals = signatures.flatMap((signature) => signature.literals)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

  const KINDS: Record<string, () => string> = {
    bytes: () => Array.from({ length: 200 }, () => String.fromCharCode(random() * 256)).join(''),
    'UTF-16': () =>
      Array.from({ length: 200 }, () => String.fromCharCode(random() * 65_536)).join(''),
    'literals of signatures': () =>
      Array.from({ length: 20 }, () => pick(literals)).join(pick([' ', '', '"', ': '])),
    'colours that do not end': () =>
      `\x1b[${'3;'.repeat(500)}${pick(literals)}\x1b]8;;${'x'.repeat(500)}`,
    'one character': () =>
      pick(['a', ' ', '"', '/', '\t', '\r', '\n', '\0', '[', '\x1b', '✘']).repeat(9_000),
    'an example, cut and repeated': () =>
      pick(signatures)
        .source.examples.join(' ')
        .slice(random() * 40)
        .repeat(40),
    'prefixes without end': () => '12:00:00 [0] remote: '.repeat(400) + pick(literals),
  }

  test.each(Object.entries(KINDS))('%s neither throw nor stall', (_kind, line) => {
    const lines = Array.from({ length: 300 }, line)
    const start = performance.now()
    const { lines_read } = detect(lines)
    expect(lines_read).toBe(lines.length)
    expect(performance.now() - start).toBeLessThan(3_000)
  })

  test('time grows with the log, not faster', () => {
    const log = (size: number) =>
      Array.from({ length: size }, () => `${pick(literals)} ${pick(literals)}`)
    const small = log(2_000)
    const large = Array.from({ length: 8 }, () => small).flat()
    detect(small) // compiled, and warm
    // Of the processor, so that nothing else that runs on the machine counts.
    const time = (lines: readonly string[]) => {
      const runs = [0, 1, 2].map(() => {
        const start = process.cpuUsage()
        detect(lines)
        return process.cpuUsage(start).user
      })
      return Math.min(...runs)
    }
    expect(time(large) / time(small)).toBeLessThan(24)
  })

  test('a page may be of any size, and a message of any length', () => {
    expect(detect(['x'.repeat(3_000_000)]).outcome).toBe('no_match')
    const lines = Array.from({ length: 5_000 }, (_, index) => `${'é✘'.repeat(1_500)} ${index}`)
    expect(detect([...lines, 'sh: 1: vite: not found']).errors).toMatchObject([{ line: 5_000 }])
  })

  test('a newline within a message does not shift the lines that follow', () => {
    const lines = ['one\ntwo', 'three\n\nfour', 'sh: 1: vite: not found']
    expect(detect(lines).errors).toMatchObject([{ line: 2 }])
  })
})

/** Numbers from 0 to 1 that are the same in every run. */
function randomSource(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
