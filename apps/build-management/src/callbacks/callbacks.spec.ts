import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { RunnerLogAnswer, RunnerRefusal } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { callbacks } from './callbacks.ts'
import { runnerToken } from './runner-token.ts'

const h = useBuildManagement()

async function post(
  { build_uuid, callback }: { build_uuid: string; callback: 'logs' | 'status' },
  { token, body }: { token?: string; body: unknown },
) {
  const response = await callbacks.fetch(
    new Request(`https://builds.example.com/api/builds/${build_uuid}/${callback}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: token ? { authorization: `Bearer ${token}` } : {},
    }),
    env,
    createExecutionContext(),
  )
  return { status: response.status, body: await response.json() }
}

const flush = (first_line: number) => ({
  v: 1,
  first_line,
  lines: [[1, 'building', 'hello']],
})

test("a build's own token stores its lines, and a gap is answered with what is expected", async () => {
  const build = await h.createStartedBuild()
  const token = await runnerToken(env.RUNNER_TOKEN_KEYS, build)
  const logs = { ...build, callback: 'logs' } as const
  const stored = await post(logs, { token, body: flush(0) })
  expect(stored.status).toBe(200)
  expect(RunnerLogAnswer.parse(stored.body)).toEqual({ v: 1, next_runner_line: 1 })
  const gap = await post(logs, { token, body: flush(5) })
  expect(gap.status).toBe(409)
  expect(RunnerRefusal.parse(gap.body).result).toEqual({ refusal: 'log_gap', next_runner_line: 1 })
})

test("no token, a wrong one, or another build's opens nothing", async () => {
  const [build, other] = [await h.createStartedBuild(), await h.createStartedBuild()]
  const foreign = await runnerToken(env.RUNNER_TOKEN_KEYS, other)
  const forged = (await runnerToken(env.RUNNER_TOKEN_KEYS, build)).replace(/.$/, (c) =>
    c === 'A' ? 'B' : 'A',
  )
  const logs = { ...build, callback: 'logs' } as const
  expect((await post(logs, { body: flush(0) })).status).toBe(401)
  for (const token of ['x', '1.x', foreign, forged]) {
    expect((await post(logs, { token, body: flush(0) })).status).toBe(401)
  }
  expect((await build.buddy.getLogs({})).lines).toEqual([])
})

test.each([
  ['logs', flush(0)],
  ['status', { v: 1, seq: 0, status: 'running', steps: [] }],
] as const)(
  'the runner of a build that was erased gets a final 404 for its %s',
  async (callback, body) => {
    const { build } = await h.createBuild()
    const token = await runnerToken(env.RUNNER_TOKEN_KEYS, build)
    const answer = await post({ ...build, callback }, { token, body })
    expect(answer).toMatchObject({ status: 404, body: { success: false, result: null } })
  },
)

test.each([
  ['no JSON', '{'],
  ['lines of another form', { v: 1, first_line: 0, lines: [['now', 'building', 'x']] }],
  ['no lines', { v: 1, first_line: 0, lines: [] }],
  ['a line that is too long', { v: 1, first_line: 0, lines: [[1, 'building', 'x'.repeat(9_000)]] }],
  ['another version', { v: 9, first_line: 0, lines: [[1, 'building', 'x']] }],
])('%s is refused with 400', async (_, body) => {
  const build = await h.createStartedBuild()
  const token = await runnerToken(env.RUNNER_TOKEN_KEYS, build)
  expect((await post({ ...build, callback: 'logs' }, { token, body })).status).toBe(400)
})

test('a final status that fails without a reason is refused', async () => {
  const build = await h.createStartedBuild()
  const token = await runnerToken(env.RUNNER_TOKEN_KEYS, build)
  const body = {
    v: 1,
    seq: 0,
    status: 'stopped',
    steps: [],
    build_outcome: 'fail',
    failure_reason: null,
    exit_code: 1,
    line_count: 0,
  }
  expect((await post({ ...build, callback: 'status' }, { token, body })).status).toBe(400)
})
