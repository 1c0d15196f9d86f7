import { describe, expect } from 'vitest'
import { test } from './testing/harness.ts'

const UNKNOWN = '/builds/7e9c2f0a-4b7e-4f5e-9d8a-0c1b2a3d4e5f'

describe('the interface of a compute host', () => {
  test('answers nothing without its token', async ({ h }) => {
    await h.startHost()
    for (const method of ['GET', 'PUT', 'DELETE']) {
      for (const token of ['', 'wrong', `${h.token}x`, h.token.replace(/^./, 'x')]) {
        expect((await h.call(method, UNKNOWN, { token })).status).toBe(401)
      }
      expect((await h.call('GET', '/health', { token: 'wrong' })).status).toBe(401)
    }
    expect(await h.call('GET', '/health')).toEqual({ status: 200, body: { v: 1 } })
  })

  test('does not know a build that never ran here, and ends it all the same', async ({ h }) => {
    await h.startHost()
    const unknown = { v: 1, build_uuid: UNKNOWN.split('/').at(-1), state: 'unknown' }
    expect(await h.call('GET', UNKNOWN)).toEqual({ status: 200, body: unknown })
    const over = { ...unknown, state: 'exited' }
    expect(await h.call('DELETE', UNKNOWN)).toEqual({ status: 200, body: over })
  })

  test('says what is wrong with a request, and never quotes it', async ({ h }) => {
    await h.startHost()
    const spec = h.spec({ build_uuid: UNKNOWN.split('/').at(-1) ?? '' })
    const secret = { ...spec, callback: { base_url: 'no address', token: 'callback-token' } }
    const wrong: [string, string, unknown, number][] = [
      ['GET', '/builds/not-a-uuid', undefined, 400],
      ['PUT', UNKNOWN, 'no json', 400],
      ['PUT', UNKNOWN, {}, 400],
      ['PUT', UNKNOWN, { v: 1, spec: secret }, 400],
      ['PUT', UNKNOWN, { v: 1, spec: { ...spec, build_uuid: crypto.randomUUID() } }, 400],
      ['PUT', UNKNOWN, 'x'.repeat(2 * 1024 * 1024), 413],
      ['POST', UNKNOWN, {}, 404],
      ['GET', '/', undefined, 404],
    ]
    for (const [method, path, body, status] of wrong) {
      const answer = await h.call(method, path, { body })
      expect(answer).toMatchObject({ status, body: { errors: [{ message: expect.any(String) }] } })
      expect(JSON.stringify(answer)).not.toContain('callback-token')
    }
  })
})
