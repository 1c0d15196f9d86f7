import { expect, test } from 'vitest'
import { jsonLog, printableLog } from './host-log.ts'

test('a line says whose it is, of which build, account and release', () => {
  const lines: string[] = []
  const log = jsonLog({ release: 'v1.2.3', environment: 'test', write: (line) => lines.push(line) })
  log('something\nin two lines')
  const tags = { build_uuid: crypto.randomUUID(), account_id: 'a'.repeat(32) }
  log('a runner speaks', { source: 'build-runner', ...tags })
  const common = { level: 'warn', time: expect.any(String) }
  const running = { release: 'v1.2.3', environment: 'test' }
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { message: 'something\nin two lines', ...common, tags: { ...running, source: 'compute-host' } },
    {
      message: 'a runner speaks',
      ...common,
      tags: { ...running, source: 'build-runner', ...tags },
    },
  ])
  expect(lines.join('')).not.toContain('\n')
})

test('nothing that a build named reaches a terminal as more than text', () => {
  const lines: string[] = []
  const log = printableLog((message) => lines.push(message))
  log('it is \u001b]0;title\u0007\n[ERROR] forged\u009b2J\u202e\u2028 “größe” 🎉')
  expect(lines).toEqual([
    String.raw`it is \u001b]0;title\u0007\n[ERROR] forged\u009b2J\u202e\u2028 “größe” 🎉`,
  ])
})
