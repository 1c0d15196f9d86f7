/** Requests that nobody should send, drawn from the OpenAPI document. */
import type { Random } from '@workers-builds/test-kit/random'

type Schema = Record<string, unknown>
type Parameter = { name: string; in: string; schema: Schema }
type Operation = {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}
export type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export type Route = { method: string; path: string; operation: Operation }

export function routesOf({ paths }: Document): Route[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
}

const ODD_TEXTS = [
  ...['', ' ', '\0', 'a\0b', '\ud800', '\u202e', '\r\nx: y', '..', '../..', '.', '/', '//', '%'],
  ...["'; drop table builds; --", '${x}', '{{x}}', '<script>', '-1', '0', '1e309', 'NaN', 'null'],
  ...['__proto__', 'constructor', 'a'.repeat(5_000), '🜁'.repeat(300), '00000000-0000', 'true'],
] as const

const ODD_JSON = [
  ...['{', '[1,', '{"a":1,"a":2}', '"text"', '7', 'null', 'true', '[]', '{}', '\ufeff{}', '', ' '],
  ...['{"a":1e999999}', '{"a":123456789012345678901234567890}', '{"__proto__":{"x":1}}'],
  ...['{"constructor":{"prototype":{"x":1}}}', "{'a':1}", '{"a":undefined}', '\u0000', '<xml/>'],
  ...[
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  ],
  ...['{"a":"\\u0000"}', '{"a":"\\ud800"}', 'a=1&b=2', JSON.stringify('x'.repeat(300_000))],
] as const

const ODD_VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, [], {}, [[]], [null], { a: {} }],
  ...ODD_TEXTS,
]

/** Draws requests for routes. `known` are values that exist, by the name of the parameter. */
export function openHostility({
  random,
  document,
  known,
}: {
  random: Random
  document: Document
  known: Record<string, string[]>
}) {
  const text = (name: string): string =>
    random.chance(0.6) && known[name] ? random.pick(known[name]) : String(random.pick(ODD_TEXTS))

  /** Something like what the schema asks for, now and then wrong. */
  function value(schema: Schema, name: string): unknown {
    if (random.chance(0.08)) return random.pick(ODD_VALUES)
    const { $ref, anyOf, oneOf, allOf, type } = schema
    if (typeof $ref === 'string') {
      return value(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, name)
    }
    for (const choices of [anyOf, oneOf, allOf]) {
      if (Array.isArray(choices)) return value(random.pick(choices as Schema[]), name)
    }
    if (Array.isArray(schema['enum'])) return random.pick(schema['enum'])
    switch (Array.isArray(type) ? random.pick(type) : type) {
      case 'object':
        return object(schema)
      case 'array':
        return Array.from({ length: random.below(4) }, () =>
          value((schema['items'] as Schema) ?? {}, name),
        )
      case 'integer':
      case 'number':
        return random.below(1_000)
      case 'boolean':
        return random.chance(0.5)
      case 'null':
        return null
      default:
        return known[name] && random.chance(0.8)
          ? random.pick(known[name])
          : random.pick(['main', 'x'])
    }
  }

  function object(schema: Schema): Record<string, unknown> {
    const entries = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
      .filter(() => random.chance(0.95))
      .map(([name, inner]) => [name, value(inner, name)] as const)
    const additional = schema['additionalProperties']
    if (typeof additional === 'object' && additional !== null) {
      const key = random.chance(0.7) ? 'KEY' : random.pick(ODD_TEXTS)
      entries.push([key, value(additional as Schema, key)])
    }
    if (random.chance(0.1)) entries.push([random.pick(ODD_TEXTS), random.pick(ODD_VALUES)])
    return Object.fromEntries(entries)
  }

  /** A path of the route; what stands in it is encoded so that it arrives, or not at all. */
  function target({ path, operation }: Route): string {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      if (random.chance(0.03)) return random.pick(['%', '%00', '%c0%af', '%ff', '..;', '%2e%2e%2f'])
      const chosen = random.chance(0.85) && known[name] ? random.pick(known[name]) : text(name)
      return encodeURIComponent(chosen.toWellFormed())
    })
    const query = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query' && random.chance(0.7))
      .flatMap(({ name, schema }) => {
        const drawn = random.chance(0.5) ? value(schema, name) : text(name)
        const pair = `${name}=${encodeURIComponent(String(drawn).toWellFormed())}`
        return random.chance(0.1) ? [pair, pair] : [pair]
      })
    if (random.chance(0.1)) query.push(random.pick(['%', '=', '&&', '__proto__=1', 'page[]=1']))
    return `${filled}${random.chance(0.02) ? '/' : ''}${query.length ? `?${query.join('&')}` : ''}`
  }

  function body({ operation }: Route): string | undefined {
    const schema = operation.requestBody?.content['application/json']?.schema
    if (random.chance(schema ? 0.2 : 0.3)) return random.pick(ODD_JSON)
    return schema && JSON.stringify(value(schema, ''))
  }

  return {
    draw(route: Route, tokens: { good: string; bad: string[] }) {
      const method = random.chance(0.06)
        ? random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'])
        : route.method
      const sent = ['GET', 'HEAD'].includes(method) ? undefined : body(route)
      const token = random.chance(0.85) ? tokens.good : random.pick(tokens.bad)
      const type = random.chance(0.85)
        ? 'application/json'
        : random.pick(['', 'text/plain', 'text/html', 'application/x-www-form-urlencoded', 'x'])
      return {
        method,
        target: target(route),
        headers: {
          authorization: `Bearer ${token}`,
          ...(sent !== undefined && { 'content-type': type }),
        },
        ...(sent !== undefined && { body: sent }),
      }
    },
  }
}
