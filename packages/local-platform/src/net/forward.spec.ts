import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { startForwarding } from './forward.ts'

test('what listens on 127.0.0.1 is reached at the other address, and no more after the end', async () => {
  const server = createServer((request, response) => response.end(`you asked ${request.url}`))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  // Another address of the loopback, as a container's bridge is one of the machine.
  const forwarding = await startForwarding({ host: '127.0.0.2', port })
  try {
    const response = await fetch(`http://127.0.0.2:${port}/a`)
    expect(await response.text()).toBe('you asked /a')
  } finally {
    await forwarding.close()
  }
  await expect(fetch(`http://127.0.0.2:${port}/a`)).rejects.toThrow('fetch failed')
  expect(await (await fetch(`http://127.0.0.1:${port}/b`)).text()).toBe('you asked /b')
  server.closeAllConnections()
  server.close()
})
