import { describe, expect, test } from 'vitest'
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
