import { describe, expect, test } from 'vitest'
import { knowledgeBase } from '../engine/knowledge-base.ts'
import { MIN_LITERAL_BYTES } from '../engine/needles.ts'
import { createScan } from '../engine/scan.ts'

const { signatures } = knowledgeBase()

/** The ids of the signatures that `line` alone is taken for. */
function signaturesOf(line: string): string[] {
  const scan = createScan()
  scan.read([line])
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
      const scan = createScan()
      scan.read(lines)
      expect(scan.candidates().map((candidate) => candidate.signature.id)).toContain(id)
      expect(signaturesOf(`2026-01-17T19:15:23.209Z\t${lines.at(-1)}`)).toEqual(
        signaturesOf(lines.at(-1) ?? ''),
      )
    })
  },
)

test('no two signatures share an id', () => {
  const ids = signatures.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})
