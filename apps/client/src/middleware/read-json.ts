import { BuildsError, type FieldError, whyNotStorable } from '@workers-builds/contracts'
import { createMiddleware } from 'hono/factory'
import type { ClientContext } from '../context.ts'
import { invalidRequest } from '../validation/refuse-invalid.ts'

/** Deeper than anything the API takes. */
const MOST_LEVELS = 32

/**
 * Parses a body, also where no operation uses it, and passes it on as JSON. A body without content
 * type, or of plain text, is taken for JSON; no body is `{}`.
 */
export const readJson = createMiddleware<ClientContext>(async (c, next) => {
  if (!['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) {
    const text = await c.req.text()
    if (text.trim() !== '') {
      assertMayBeJson(c.req.header('content-type'))
      const body = parse(text)
      assertStorable(body)
      c.set('body', body)
    }
    const headers = new Headers(c.req.raw.headers)
    headers.set('content-type', 'application/json')
    headers.delete('content-length')
    c.req.raw = new Request(c.req.raw, { headers, body: text.trim() === '' ? '{}' : text })
    c.req.bodyCache = {}
  }
  await next()
})

function assertMayBeJson(contentType: string | undefined): void {
  if (
    contentType === undefined ||
    /^(text\/plain|application\/([\w.-]+\+)?json)\b/i.test(contentType)
  ) {
    return
  }
  throw new BuildsError(
    'unsupported_media_type',
    `Unsupported content type ${JSON.stringify(contentType.slice(0, 100))}: send application/json`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // V8 quotes the text, which may hold a secret; where it stopped is enough.
    const [position] = /\bposition \d+(?: \(line \d+ column \d+\))?/.exec(String(error)) ?? []
    throw new BuildsError(
      'invalid_request',
      `Invalid request body: it is not JSON${position ? ` at ${position}` : ''}.`,
    )
  }
}

/** Refuses what JSON can carry and Postgres cannot: NUL characters and halves of characters. */
function assertStorable(body: unknown): void {
  const open: { value: unknown; path: (string | number)[] }[] = [{ value: body, path: [] }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next
    if (typeof value === 'string') assertText(value, path)
    if (typeof value !== 'object' || value === null) continue
    if (path.length >= MOST_LEVELS) {
      throw invalidRequest([wrong([], `at most ${MOST_LEVELS} levels`, 'more levels')])
    }
    const isArray = Array.isArray(value)
    for (const [key, inner] of Object.entries(value)) {
      assertText(key, path)
      open.push({ value: inner, path: [...path, isArray ? Number(key) : key] })
    }
  }
}

function assertText(text: string, path: (string | number)[]): void {
  const flaw = whyNotStorable(text)
  if (flaw === undefined) return
  const expected = flaw === 'NUL character' ? 'no NUL character' : 'whole characters'
  throw invalidRequest([wrong(path, expected, flaw === 'NUL character' ? 'one' : 'half of one')])
}

function wrong(path: (string | number)[], expected: string, got: string): FieldError {
  const message = `Invalid request body: ${path.join('.') || 'body'}: expected ${expected}, got ${got}`
  return {
    message,
    path,
    expected,
    got,
    source: { pointer: path.map((key) => `/${key}`).join('') },
  }
}
