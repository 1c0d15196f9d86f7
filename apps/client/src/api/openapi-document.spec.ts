import { ERROR_CODES } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import apiErrors from '../../../../docs/api-errors.md?raw'
import { app } from '../client.app.ts'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

async function fetchDocument() {
  return (await client.fetch('/client/v4/openapi.json')).json() as Promise<{
    openapi: string
    paths: Record<string, Record<string, { operationId: string }>>
  }>
}

describe('the OpenAPI document', () => {
  test('has exactly the routes that there are', async () => {
    const { openapi, paths } = await fetchDocument()
    expect(openapi).toBe('3.1.0')
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const served = app.routes
      .filter((route) => route.method !== 'ALL')
      .map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(described.toSorted()).toEqual([...new Set(served)].toSorted())
  })

  test('names every operation once', async () => {
    const ids = Object.values((await fetchDocument()).paths).flatMap((item) =>
      Object.values(item).map((operation) => operation.operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('getBuildByUuid')
  })
})

test('what is documented of errors is every error there is', () => {
  const documented = [...apiErrors.matchAll(/^## (\w+)\n\n(\d+), code (\d+)\./gm)].map(
    ([, code, status, api_code]) => [code, { status: Number(status), api_code: Number(api_code) }],
  )
  expect(Object.fromEntries(documented)).toEqual(ERROR_CODES)
})

describe('a path that is there', () => {
  test.each([
    ['DELETE', '/client/v4/openapi.json', 405],
    ['OPTIONS', '/client/v4/openapi.json', 204],
    ['PATCH', `/client/v4/workers/builds/deploy_hooks/${crypto.randomUUID()}`, 405],
  ])('answers %s %s with the methods that it has', async (method, path, status) => {
    const response = await client.fetch(path, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('allow')).toMatch(/^(GET, HEAD|POST), OPTIONS$/)
  })

  test('answers HEAD as GET, without a body', async () => {
    const response = await client.fetch('/client/v4/openapi.json', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  test('is another one with a slash at its end', async () => {
    expect((await client.call('/client/v4/openapi.json/')).status).toBe(404)
  })
})
