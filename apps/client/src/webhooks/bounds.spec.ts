import { randomHex } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'
import { delivery, pushBody } from '../testing/github-delivery.ts'
import { gitLabPush, tokenHeaders } from '../testing/gitlab-delivery.ts'

const client = useClient()

async function connect(provider: 'github' | 'gitlab' = 'github') {
  const tenant = await client.createWebhookTenant('a secret')
  await client.sql`
    update repo_connections set provider_type = ${provider}
    where repo_connection_uuid = ${tenant.repo_connection_uuid}`
  const path = `/webhooks/${provider}/${tenant.repo_connection_uuid}`
  return {
    ...tenant,
    async send(body: string, event = 'push') {
      if (provider === 'github') {
        return await client.call(path, await delivery(body, { secret: tenant.secret, event }))
      }
      const headers = Object.entries(tokenHeaders(tenant.secret)).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      )
      return await client.call(path, { method: 'POST', body, headers })
    },
    async built() {
      const [build] = await client.sql<{ commit_message: string; author: string }[]>`
        select commit_message, author from builds where account_id = ${tenant.account_id}`
      return build
    },
  }
}

type PushJson = {
  ref: string
  commits: unknown[]
  head_commit: { message: string; author: { name: string }; added?: unknown[] }
  repository: { pushed_at: unknown }
}

const body = (change: (push: PushJson) => void, repo_id: number) => {
  const push = JSON.parse(pushBody({ repo_id }))
  change(push)
  return JSON.stringify(push)
}

test('a push of 300,000 files is built', async () => {
  const { send, built, repo_id } = await connect()
  const added = Array.from({ length: 300_000 }, (_, i) => `vendor/${i}.js`)
  const answer = await send(
    body(({ commits, head_commit }) => {
      head_commit.added = added
      commits.splice(0, commits.length, head_commit)
    }, repo_id),
  )
  expect(answer.status).toBe(200)
  expect(await built()).toBeDefined()
})

describe('a signed body that no provider sends is refused', () => {
  test.each([9007199254740991, -9007199254740991, 9e11, -3e11, '0000-01-01T00:00:00Z'])(
    'pushed_at %s',
    async (pushed_at) => {
      const { send, repo_id } = await connect()
      const answer = await send(
        body(({ repository }) => (repository.pushed_at = pushed_at), repo_id),
      )
      expect(answer.status).toBe(400)
    },
  )

  test('a branch of 1 MB', async () => {
    const { send, repo_id } = await connect()
    const ref = `refs/heads/${randomHex(1_000).repeat(1_000)}`
    const answer = await send(body((push) => (push.ref = ref), repo_id))
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.errors).length).toBeLessThan(3_000)
  })

  test.each(['__proto__', 'constructor'])('the event %s', async (event) => {
    const { send, repo_id } = await connect()
    expect((await send(pushBody({ repo_id }), event)).status).toBe(400)
  })

  test.each(['github', 'gitlab'] as const)('14 MB of zeros as commits, by %s', async (provider) => {
    const { send, repo_id } = await connect(provider)
    const push = provider === 'github' ? pushBody({ repo_id }) : gitLabPush({ project_id: repo_id })
    const zeros = `[${'0,'.repeat(7_000_000)}0]`
    const answer = await send(push.replace(/\}$/, `,"commits":${zeros}}`))
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.errors).length).toBeLessThan(3_000)
  })

  test('200,000 wrong commits or files, with the first issues only', async () => {
    const { send, repo_id } = await connect()
    const zeros = Array(200_000).fill(0)
    const commits = await send(body((push) => (push.commits = zeros), repo_id))
    const files = await send(body((push) => (push.head_commit.added = zeros), repo_id))
    for (const answer of [commits, files]) {
      expect(answer.status).toBe(400)
      expect(JSON.stringify(answer.errors).length).toBeLessThan(3_000)
    }
  })

  test('thousands of levels', async () => {
    const { send, repo_id } = await connect()
    const deep = '['.repeat(5_000) + ']'.repeat(5_000)
    const answer = await send(pushBody({ repo_id }).replace('{', `{"deep":${deep},`))
    expect(answer.status).toBe(400)
  })
})

describe('a long text is stored up to a whole character', () => {
  test.each([0, 1, 2])('of a message and an author of many bytes, shifted by %s', async (shift) => {
    const { send, repo_id, built } = await connect()
    const message = 'x'.repeat(shift) + '（构建）'.repeat(100_000)
    const answer = await send(
      body(({ head_commit }) => {
        head_commit.message = message
        head_commit.author = { name: '🎉👩‍👩‍👧'.repeat(10_000) }
      }, repo_id),
    )
    expect(answer.status).toBe(200)
    const build = await built()
    expect(Buffer.byteLength(build?.commit_message ?? '')).toBeLessThanOrEqual(4_096)
    expect(Buffer.byteLength(build?.author ?? '')).toBeLessThanOrEqual(512)
    const note = `… (shortened: it has ${(1_200_000 + shift).toLocaleString('en')} bytes)`
    expect(build?.commit_message.endsWith(note)).toBe(true)
    expect(message.startsWith(build?.commit_message.slice(0, -note.length) ?? '-')).toBe(true)
    expect(build?.commit_message).not.toContain('\ufffd')
    expect(build?.author).not.toContain('\ufffd')
  })

  test('and a marker at the end of a long message still skips', async () => {
    const { send, repo_id, built } = await connect()
    const message = `${'构'.repeat(10_000)}\n[skip ci]`
    const answer = await send(body(({ head_commit }) => (head_commit.message = message), repo_id))
    expect(answer.result.decisions).toMatchObject([{ decision: 'skip' }])
    expect(await built()).toBeDefined()
  })

  test('a message that fits stays as it is', async () => {
    const { send, repo_id, built } = await connect()
    const message = `Größe geändert "quotes", $(touch /tmp/pwned)\r\n${'（'.repeat(1_300)}🎉👩‍👩‍👧`
    await send(body(({ head_commit }) => (head_commit.message = message), repo_id))
    expect((await built())?.commit_message).toBe(message)
  })
})
