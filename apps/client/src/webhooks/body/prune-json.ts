/**
 * Of a JSON document, what a shape names of it, while its bytes come in. What the shape does not
 * name is read past; what it names is bounded, so that a document of any size takes little memory.
 */
import { Tokenizer, TokenType } from '@streamparser/json'
import { StringShortener } from './shorten-strings.ts'

/**
 * - `value`: a string, number, boolean or null as it is; a string's first 8 KB
 * - `text`: a string as `LongText`
 * - an object of shapes: an object with these fields
 * - `listOf`: a list as `LongList`
 *
 * What is of another type than its shape is passed on as it is, or empty, for a schema to refuse.
 */
export type Shape = 'value' | 'text' | ListShape | { readonly [field: string]: Shape }
type ListShape = { readonly [ITEM]: Shape; readonly most: number }

/** The beginning of a text, and how many bytes of UTF-8 all of it has. */
export type LongText = { text: string; bytes: number }
/** The first items of a list, and how many it has. */
export type LongList = { items: unknown[]; count: number }

const ITEM = Symbol('item')

/** A list of which the first `most` items are kept. */
export function listOf(item: Shape, most: number): Shape {
  return { [ITEM]: item, most }
}

const MOST_VALUE_CHARACTERS = 8 * 1_024
/** More than the paths of a vendored tree that fit into the largest body. */
const MOST_VALUES = 1_000_000
const MOST_LEVELS = 64

/** What is open: an object or a list, and what becomes of it. */
interface Frame {
  isList: boolean
  shape: Shape | undefined
  object: Record<string, unknown>
  list: LongList
  key: string
}

/** What may come next. */
type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'end'

/** Throws a SyntaxError unless `chunks` are one JSON document of bounded depth and count. */
export function pruneJson(chunks: Iterable<Uint8Array>, shape: Shape): unknown {
  const pruner = new Pruner(shape)
  for (const chunk of chunks) pruner.push(chunk)
  return pruner.end()
}

class Pruner {
  readonly #shape: Shape
  readonly #tokenizer = new Tokenizer({ stringBufferSize: 4_096 })
  readonly #shortener = new StringShortener((json, omitted_bytes) => {
    this.#omitted = omitted_bytes
    this.#tokenizer.write(json)
  })
  readonly #open: Frame[] = []
  #omitted = 0
  #expected: Expected = 'value'
  #values = 0
  #result: unknown

  constructor(shape: Shape) {
    this.#shape = shape
    this.#tokenizer.onToken = ({ token, value }) => this.#take(token, value)
  }

  push(chunk: Uint8Array): void {
    this.#shortener.push(chunk)
  }

  end(): unknown {
    // A number at the end is complete only now.
    if (!this.#tokenizer.isEnded) this.#tokenizer.end()
    if (this.#expected !== 'end') throw new SyntaxError('it ends too early')
    return this.#result
  }

  #take(token: TokenType, value: unknown): void {
    const isKey = this.#expected === 'key' || this.#expected === 'first key'
    const frame = this.#open.at(-1)
    if (token === TokenType.COLON) this.#expect(['colon'], 'value')
    else if (token === TokenType.COMMA) this.#expect(['comma'], frame?.isList ? 'value' : 'key')
    else if (token === TokenType.RIGHT_BRACE) this.#close(false)
    else if (token === TokenType.RIGHT_BRACKET) this.#close(true)
    else if (token === TokenType.STRING && isKey && frame) {
      frame.key = value as string
      this.#expected = 'colon'
    } else {
      this.#expect(['value', 'first value'], 'comma')
      if (++this.#values > MOST_VALUES) throw new TooMuch()
      if (token === TokenType.LEFT_BRACE) this.#begin(false)
      else if (token === TokenType.LEFT_BRACKET) this.#begin(true)
      else this.#put(value)
    }
  }

  #expect(expected: Expected[], next: Expected): void {
    if (!expected.includes(this.#expected)) throw new SyntaxError('it is not JSON')
    this.#expected = next
  }

  #begin(isList: boolean): void {
    if (this.#open.length >= MOST_LEVELS) throw new TooMuch()
    const shape = shapeFor(isList, this.#shapeHere())
    this.#open.push({ isList, shape, object: {}, list: { items: [], count: 0 }, key: '' })
    this.#expected = isList ? 'first value' : 'first key'
  }

  #close(isList: boolean): void {
    this.#expect(['comma', isList ? 'first value' : 'first key'], 'comma')
    const frame = this.#open.pop()
    if (frame?.isList !== isList) throw new SyntaxError('it is not JSON')
    const list = frame.shape === undefined ? [] : frame.list
    this.#put(isList ? list : frame.object)
  }

  /** The shape of the value that comes; undefined when it is read past. */
  #shapeHere(): Shape | undefined {
    const frame = this.#open.at(-1)
    if (frame === undefined) return this.#shape
    const { shape, isList, key, list } = frame
    if (shape === undefined || typeof shape === 'string') return undefined
    if (isList) return isListShape(shape) && list.count < shape.most ? shape[ITEM] : undefined
    return !isListShape(shape) && Object.hasOwn(shape, key) ? shape[key] : undefined
  }

  /** Puts a complete value where it belongs. */
  #put(value: unknown): void {
    const shape = this.#shapeHere()
    const result =
      typeof value === 'string' ? kept(value, { shape, omitted: this.#omitted }) : value
    const frame = this.#open.at(-1)
    if (frame === undefined) {
      this.#result = result
      this.#expected = 'end'
      return
    }
    if (shape !== undefined) {
      if (frame.isList) frame.list.items.push(result)
      else frame.object[frame.key] = result
    }
    if (frame.isList) frame.list.count += 1
  }
}

/** A document with more values or levels than an event of a provider. */
export class TooMuch extends SyntaxError {
  constructor() {
    super(`it has more than ${MOST_VALUES} values or ${MOST_LEVELS} levels`)
  }
}

function isListShape(shape: Exclude<Shape, string>): shape is ListShape {
  return ITEM in shape
}

/** The shape of what opens, where it is of the type that the shape has. */
function shapeFor(isList: boolean, shape: Shape | undefined): Shape | undefined {
  if (shape === undefined || typeof shape === 'string') return undefined
  return isListShape(shape) === isList ? shape : undefined
}

function kept(text: string, { shape, omitted }: { shape: Shape | undefined; omitted: number }) {
  if (shape === 'text') return { text, bytes: Buffer.byteLength(text) + omitted }
  return text.slice(0, MOST_VALUE_CHARACTERS)
}
