import type { LogLine } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import type { CompiledSignature } from '../engine/knowledge-base.ts'
import { MIN_LITERAL_BYTES } from '../engine/needles.ts'
import { createScan } from '../engine/scan.ts'
import { knowledgeBase } from '../knowledge.ts'
import weights from '../localise/weights.json' with { type: 'json' }
import { causeOfWords } from '../naming/phrases.ts'
import { TOOLS } from './index.ts'

const { signatures } = knowledgeBase()

/** The ids of the signatures that `lines` are taken for, in a step of `signature`. */
function signaturesOf(lines: string[], { steps = [] }: CompiledSignature): string[] {
  const scan = createScan(knowledgeBase())
  const [step] = steps
  scan.read(step ? lines.map((line): LogLine => [0, step, line]) : lines)
  return scan.candidates().map(({ signature }) => signature.id)
}

describe.each(signatures.map((signature) => [signature.id, signature] as const))(
  '%s',
  (id, signature) => {
    test('is looked for by literals that are not everywhere', () => {
      for (const literal of signature.literals) {
        expect(new TextEncoder().encode(literal).length, literal).toBeGreaterThanOrEqual(
          MIN_LITERAL_BYTES,
        )
      }
    })

    test('has an example', () => {
      expect(signature.source.examples.length).toBeGreaterThan(0)
    })

    test.for(signature.source.examples)('is what this says: %s', (example) => {
      const lines = example.split('\n')
      expect(signaturesOf(lines, signature)).toContain(id)
      const last = lines.at(-1) ?? ''
      expect(signaturesOf([`2026-01-17T19:15:23.209Z\t${last}`], signature)).toEqual(
        signaturesOf([last], signature),
      )
    })
  },
)

test.each(TOOLS)('no signature of $name repeats what its tool says', (tool) => {
  for (const [name, { error_code, docs_url }] of Object.entries(tool.signatures)) {
    expect(error_code, `${name}: error_code`).not.toBe(tool.error_code)
    expect(docs_url, `${name}: docs_url`).not.toBe(tool.docs_url)
  }
})

test('no two signatures share an id', () => {
  const ids = signatures.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

/** Where a signature claims to be a root cause, and does not say that its line is a wrapper, a headline or a count. */
function claimsRootCause({ rank, source }: CompiledSignature): boolean {
  const isMarked = source.introduces || source.headline || source.sums_up
  return (rank === 'infrastructure' || rank === 'specific') && !isMarked
}

test('a signature that outranked the decisive line of a labelled log, and names no cause, is marked', () => {
  // What the training command has found in logs that are not part of this repository.
  const outranked = Object.keys(weights.outranked)
  expect(outranked.length).toBeGreaterThan(0)
  const found = signatures.filter(({ id }) => outranked.includes(id))
  expect(found.filter(claimsRootCause).map(({ id }) => id)).toEqual([])
})

/** But for 137, which says that no memory was left. */
const SAYS_ONLY_HOW_IT_ENDED =
  /^(?!.*\b137\b).*(?:\bexit(?:ed)? (?:with )?(?:code|status)|\b[Cc]ommand failed|\b[Bb]uild failed\b(?!:)|\bnon-zero\b|\bscript failed\b)/

test('a signature whose example says only how a command ended is marked', () => {
  const unmarked = signatures.filter(claimsRootCause).flatMap(({ id, source }) =>
    source.examples
      .flatMap((example) => example.split('\n').at(-1) ?? [])
      .filter((line) => SAYS_ONLY_HOW_IT_ENDED.test(line) && causeOfWords(line) === undefined)
      .map((line) => `${id}: ${line}`),
  )
  expect(unmarked).toEqual([])
})
