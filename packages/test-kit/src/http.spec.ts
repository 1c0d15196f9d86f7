import { expect, onTestFinished, test } from 'vitest'
import { forward, readBody, startProxy, startServer } from './http.ts'

async function startEcho() {
  const echo = await startServer(async (request, response) => {
    const { method, url, headers } = request
    response.writeHead(201, { 'x-seen': headers.authorization ?? '' })
    response.end(`${method} ${url} ${await readBody(request)}`)
  })
  onTestFinished(echo.close)
  return echo
}

test('a proxy passes requests on, as they came or changed', async () => {
  const echo = await startEcho()
  const proxy = await startProxy((proxied) =>
    proxied.request.url === '/old'
      ? forward(proxied, { path: '/new', headers: { authorization: 'other' } })
      : forward(proxied),
  )
  onTestFinished(proxy.close)
  proxy.setTarget(echo.url)
  const plain = await fetch(`${proxy.url}/path?a=1`, { method: 'POST', body: 'hello' })
  expect([plain.status, await plain.text()]).toEqual([201, 'POST /path?a=1 hello'])
  const changed = await fetch(`${proxy.url}/old`, { headers: { authorization: 'mine' } })
  expect(await changed.text()).toBe('GET /new ')
  expect(changed.headers.get('x-seen')).toBe('other')
})

test('a proxy without a server behind it breaks the connection', async () => {
  const proxy = await startProxy()
  onTestFinished(proxy.close)
  await expect(fetch(proxy.url)).rejects.toThrow('fetch failed')
  proxy.setTarget('http://127.0.0.1:9')
  await expect(fetch(proxy.url)).rejects.toThrow('fetch failed')
})
