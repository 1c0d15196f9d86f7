import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldOfForm } from './form-payload.ts'
import { type LongText, listOf, pruneJson, type Shape } from './prune-json.ts'
import { KEPT_BYTES } from './shorten-strings.ts'

const encode = (text: string) => new TextEncoder().encode(text)

/** `bytes` cut at these places. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...ends].map((begin, index) => bytes.subarray(begin, ends[index]))
}

const SHAPE = {
  a: 'value',
  b: 'text',
  c: listOf({ a: 'value', b: 'text' }, 2),
  d: { a: { a: 'value' }, c: listOf('value', 3) },
} as const satisfies Shape

/** What `SHAPE` keeps of a document, said in another way. */
function pruned(value: unknown, shape: Shape | undefined): unknown {
  if (Array.isArray(value)) {
    const list = listShape(shape)
    if (list === undefined) return []
    const items = value.slice(0, list.most).map((item) => pruned(item, list.item))
    return { items, count: value.length }
  }
  if (typeof value === 'object' && value !== null) {
    const fields = typeof shape === 'object' && listShape(shape) === undefined ? shape : {}
    const entries = Object.entries(fields as Record<string, Shape>)
    const present = entries.filter(([name]) => Object.hasOwn(value, name))
    return Object.fromEntries(
      present.map(([name, field]) => [name, pruned(value[name as never], field)]),
    )
  }
  if (typeof value === 'string' && shape === 'text') {
    return { text: value, bytes: Buffer.byteLength(value) }
  }
  return value
}

function listShape(shape: Shape | undefined): { item: Shape; most: number } | undefined {
  if (shape === SHAPE.c) return { item: { a: 'value', b: 'text' }, most: 2 }
  if (shape === SHAPE.d.c) return { item: 'value', most: 3 }
  return undefined
}

const Name = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor', 'length', '"\\\u00e9')
const Text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
const { document: Document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(Text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
    fc.constant(null),
    fc.array(tie('document'), { maxLength: 5 }),
    fc.array(fc.tuple(Name, tie('document')), { maxLength: 6 }).map(Object.fromEntries),
  ),
}))
const Places = fc.array(fc.nat(), { maxLength: 8 })
/** A document as JSON, with or without spaces. */
const Json = fc
  .tuple(Document, fc.constantFrom(undefined, 2))
  .map(([document, space]) => JSON.stringify(document, null, space))

test('is what the shape names of any document, wherever it is cut', () => {
  fc.assert(
    fc.property(Json, Places, (json, places) => {
      const document = JSON.parse(json)
      expect(pruneJson(cut(encode(json), places), SHAPE)).toEqual(pruned(document, SHAPE))
    }),
    { numRuns: 500 },
  )
})

test('refuses what JSON.parse refuses, and nothing else', () => {
  const Broken = fc.tuple(
    Json,
    fc.nat(),
    fc.constantFrom('', ',', ':', '"', '}', ']', '[', '1', ' '),
  )
  fc.assert(
    fc.property(Broken, Places, ([json, place, put], places) => {
      const at = place % (json.length + 1)
      const broken = json.slice(0, at) + put + json.slice(at + 1)
      fc.pre(broken.isWellFormed())
      const isJson = attempt(() => JSON.parse(broken))
      expect(
        attempt(() => pruneJson(cut(encode(broken), places), SHAPE)),
        broken,
      ).toBe(isJson)
    }),
    { numRuns: 1_000 },
  )
})

function attempt(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}

test('the last of two fields of one name counts, as for JSON.parse', () => {
  expect(pruneJson([encode('{"a":1,"b":"x","a":[1]}')], SHAPE)).toEqual({
    a: [],
    b: { text: 'x', bytes: 1 },
  })
})

describe('a long text', () => {
  const UNITS = {
    plain: 'x',
    wide: '構',
    emoji: '🎉',
    newline: '\n',
    quote: '"',
    control: '\u0001',
  }
  test.each(Object.entries(UNITS))('of %s keeps its beginning and its length', (_, unit) => {
    const text = `é${unit.repeat(200_000)}`
    for (const json of [JSON.stringify({ b: text, a: 1 }), escaped({ b: text, a: 1 })]) {
      const places = [3, 65_537, 65_540, 70_001, 131_071]
      const { a, b } = pruneJson(cut(encode(json), places), SHAPE) as { a: unknown; b: LongText }
      expect(a).toBe(1)
      const { text: kept, bytes } = b
      expect(bytes).toBe(Buffer.byteLength(text))
      expect(text.startsWith(kept.toWellFormed().replace(/\ufffd$/, ''))).toBe(true)
      expect(Buffer.byteLength(kept)).toBeGreaterThan(KEPT_BYTES / 8)
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(KEPT_BYTES + 4)
    }
  })

  /** With every character that is none of ASCII written as `\u`. */
  function escaped(value: unknown): string {
    return JSON.stringify(value).replace(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
})

test.each([
  ['64 levels', `${'['.repeat(65)}${']'.repeat(65)}`],
  ['a million values', `[${'0,'.repeat(1_000_000)}0]`],
  ['a number of thousands of digits', `[${'1'.repeat(5_000)}]`],
])('refuses more than %s', (_, json) => {
  expect(() => pruneJson([encode(json)], SHAPE)).toThrow(SyntaxError)
})

describe('a field of a form', () => {
  test('is read wherever the form is cut', () => {
    const Form = fc.array(fc.tuple(fc.constantFrom('a', 'payload', 'payloads', ''), Text))
    fc.assert(
      fc.property(Form, Places, (fields, places) => {
        const form = new URLSearchParams(fields.map(([name, text]) => [name, text.toWellFormed()]))
        const chunks = [...fieldOfForm(cut(encode(`${form}`), places), 'payload')]
        expect(Buffer.concat(chunks).toString()).toBe(form.get('payload') ?? '')
      }),
    )
  })
})
