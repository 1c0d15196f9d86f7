import { describe, expect, test } from 'vitest'
import { maskWords } from './engine/mask.ts'
import type { Template } from './engine/template.ts'
import { detectErrorsInLogLines } from './index.ts'
import { knowledgeBase } from './knowledge.ts'

const { signatures } = knowledgeBase()

/** One of each kind of thing that must never leave the account it belongs to. */
const CANARIES = {
  account_id: '7c9f0e2b4d6a8135970bd1e3f5a7c246',
  zone_uuid: '3f2b8c1e-9d47-4a6b-8e05-c1d2f3a4b596',
  api_token: 'Zq8_v3Lx0pTn5WcR7yKm2JhUe9BsGd4FiAo6X1Qt',
  github_token: 'ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8',
  npm_token: 'npm_Z9y8X7w6V5u4T3s2R1q0P9o8N7m6L5k4J3i2',
  aws_key: 'AKIAQ7XN4ZTP2LMB9RWC',
  jwt: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJxdWlsbHdvcnQifQ.c2lnbmF0dXJl',
  password: 'hunter2-Qu1llwort!',
  email: 'ada.quillwort@example.org',
  person: 'Quillwort',
  project: 'quillwort-shop',
  private_scope: '@quillwort/billing-core',
  path: '/home/quillwort/src/billing.ts',
  windows_path: 'C:\\Users\\Quillwort\\billing.ts',
  host: 'db.quillwort.internal',
  url: 'https://quillwort.example/orders?id=42',
  ip: '203.0.113.77',
  branch: 'feature/quillwort-launch',
  commit: '9fceb02d0ae598e95dc970b74767f19372d61af8',
  variable: 'QUILLWORT_SIGNING_KEY',
  identifier: 'quillwortInvoiceTotal',
  upper: 'QUILLWORT',
  number: '4815162342',
} as const

/** What of a canary would betray it; parts of it that stand alone in a group do as well. */
const TRACE = /quillwort|hunter2|[0-9a-f]{16}|ghp_|npm_Z|AKIA|eyJ|Zq8_|203\.0|4815162342/i

function leaks(lines: readonly string[]): string[] {
  return detectErrorsInLogLines(lines)
    .flatMap(({ error_code, error_group, cause, title }) => [error_code, error_group, cause, title])
    .filter((text) => TRACE.test(text))
}

/** What of a line reached a group; collected, since one expectation for each line takes longer. */
type Leak = { id: string; line: string; leak: string }

/** A line of `template`, with what `fill` says in its holes. */
function lineOf({ parts }: Template, fill: (name: string) => string): string {
  return parts.map((part) => (part.kind === 'literal' ? part.text : fill(part.name))).join('')
}

describe('nothing private reaches a group', () => {
  test.each(Object.entries(CANARIES))('%s, in any hole of any template', (_kind, canary) => {
    for (const { id, templates } of signatures) {
      for (const template of templates) {
        expect(leaks([lineOf(template, () => canary)]), id).toEqual([])
      }
    }
  })

  test.each(Object.entries(CANARIES))(
    '%s, in place of any word of any example',
    (_kind, canary) => {
      const found: Leak[] = []
      for (const { id, source } of signatures) {
        for (const example of source.examples) {
          const words = example.split(' ')
          for (const position of words.keys()) {
            const line = words.with(position, canary).join(' ')
            for (const leak of leaks([line])) found.push({ id, line, leak })
          }
        }
      }
      expect(found).toEqual([])
    },
  )

  test('whichever of them is glued to a word of an example', () => {
    const canaries = Object.values(CANARIES)
    for (const { id, source } of signatures) {
      for (const example of source.examples) {
        const words = example.split(' ')
        for (const [position, word] of words.entries()) {
          expect(
            leaks([
              words.with(position, `${word}${canaries[position % canaries.length]}`).join(' '),
            ]),
            id,
          ).toEqual([])
        }
      }
    }
  })

  test.each(Object.entries(CANARIES))('%s, in a line that no signature knows', (_kind, canary) => {
    const lines = [
      `Error! ${canary} went wrong`,
      `fatal error: cannot use ${canary} in "${canary}"`,
      `${canary}: failed for \`${canary}\` (${canary})`,
      `ERR: unable to open '${canary}' since ${canary}=${canary}`,
    ]
    for (const line of lines) expect(leaks([line])).toEqual([])
  })
})

describe('equal failures fall in one group', () => {
  const random = randomSource(7)
  const variations = 1_000

  test('however the names in them differ', () => {
    for (const { id, templates } of signatures) {
      for (const template of templates) {
        if (!template.parts.some(({ kind }) => kind === 'mask')) continue
        const groups = new Set<string>()
        for (let index = 0; index < 40; index++) {
          const line = lineOf(template, (name) => SAMPLES[name] ?? randomName(random))
          for (const { error_code, error_group } of detectErrorsInLogLines([line])) {
            groups.add(`${error_code} ${error_group}`)
          }
        }
        expect(groups.size, `${id}: ${[...groups].join(' | ')}`).toBeLessThanOrEqual(2)
      }
    }
  })

  test.each([
    (name: string) => `✘ [ERROR] Could not resolve "./${name}"`,
    (name: string) =>
      `src/${name}.ts(12,5): error TS2339: Property '${name}' does not exist on type '${name}'.`,
    (name: string) => `Error: connect ECONNREFUSED ${name}.internal:443`,
    (name: string) => `✘ [ERROR] Cannot frobnicate the widget "${name}" of ${name}.`,
    (name: string) => `Error: ${name} exploded in ${name}`,
    (name: string) => `something odd: unable to frobnicate '${name}' for ${name}`,
  ])('a thousand variations of line %#', (lineOfName) => {
    const groups = new Set<string>()
    for (let index = 0; index < variations; index++) {
      const [error] = detectErrorsInLogLines([lineOfName(randomName(random))])
      groups.add(`${error?.error_code} ${error?.error_group}`)
    }
    expect(groups.size / variations, [...groups].join('\n')).toBeLessThanOrEqual(0.05)
  })
})

describe('masking', () => {
  test('is idempotent', () => {
    for (const { source } of signatures) {
      for (const example of source.examples) {
        const masked = maskWords(example)
        expect(maskWords(masked)).toBe(masked)
      }
    }
  })

  test.each([
    ['cannot open "a b c" for tenant acme', 'cannot open <…> for <…>'],
    ["doesn't know 'x' of `y`", "doesn't know <…> of <…>"],
    ['unexpected token at line 12', 'unexpected token at line <…>'],
    ['acmecorp acmecorp acmecorp failed', '<…> failed'],
  ])('%s becomes %s', (message, masked) => {
    expect(maskWords(message)).toBe(masked)
  })
})

/** Values for the holes that are kept, where a random name would not fit. */
const SAMPLES: Readonly<Record<string, string>> = {
  ts: '2307',
  api: '10021',
  yn: '0028',
  nuxt: 'B5002',
  prisma: 'P1012',
  status: '404',
  exit: '1',
  js: 'Error',
  py: 'ValueError',
  rb: 'NameError',
  errno: 'EBUSY',
  node: 'ERR_REQUIRE_ESM',
  pnpm: 'NO_LOCKFILE',
  astro: 'NoAdapterInstalled',
  npm: 'ERESOLVE',
  command: 'vite',
  words: 'went wrong',
  N: '12',
  LINE: '12',
  PORT: '3000',
}

/** Numbers from 0 to 1 that are the same in every run. */
function randomSource(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

function randomName(random: () => number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  const length = 4 + Math.floor(random() * 10)
  const pick = () => letters[Math.floor(random() * letters.length)]
  const name = Array.from({ length }, pick).join('')
  const shapes = [name, `${name}/${name}`, `${name}-${Math.floor(random() * 999)}`, `${name}.ts`]
  return shapes[Math.floor(random() * shapes.length)] ?? name
}
