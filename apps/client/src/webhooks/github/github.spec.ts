import { randomHex } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../../testing/client-harness.ts'
import { delivery, type PushOptions, pushBody } from '../../testing/github-delivery.ts'

const client = useClient()

async function tenantWithSecret(options = {}) {
  const tenant = await client.createWebhookTenant('a secret', options)
  const path = `/webhooks/github/${tenant.repo_connection_uuid}`
  return {
    ...tenant,
    path,
    async push(options: Omit<PushOptions, 'repo_id'> = {}, delivery_id?: string) {
      const body = pushBody({ repo_id: tenant.repo_id, ...options })
      const ids = delivery_id ? { delivery_id } : {}
      return await client.call(path, await delivery(body, { secret: tenant.secret, ...ids }))
    },
    async builds() {
      return await client.sql<
        {
          build_uuid: string
          trigger_uuid: string
          commit_hash: string
          status: string
          skip_reason: string | null
        }[]
      >`
        select build_uuid, trigger_uuid, commit_hash, status, skip_reason from builds
        where account_id = ${tenant.account_id} order by build_id`
    },
  }
}

describe('a push', () => {
  test('queues one build with the settings of this moment', async () => {
    const tenant = await tenantWithSecret()
    const after = randomHex(40)
    const answer = await tenant.push({ after })
    expect(answer).toMatchObject({ status: 200, result: { event: 'push', duplicate: false } })
    const [build, ...others] = await tenant.builds()
    expect(others).toEqual([])
    expect(build).toMatchObject({ commit_hash: after, status: 'queued' })
    expect(answer.result.build_uuids).toEqual([build?.build_uuid])
    const row = await client.store.builds.selectByUuid({
      account_id: tenant.account_id,
      build_uuid: build?.build_uuid ?? '',
    })
    expect(row).toMatchObject({ author: 'ada', branch: 'main', settings: tenant.settings })
  })

  test('takes along what its repository is called now, unless it is older than that name', async () => {
    const tenant = await tenantWithSecret()
    const { repo_connection_uuid } = tenant
    await client.sql`
      update repo_connections set modified_on = now() - interval '1 hour'
      where repo_connection_uuid = ${repo_connection_uuid}`
    const names = async () => {
      const row = await client.store.repoConnections.selectRepository(repo_connection_uuid)
      return `${row?.provider_account_name}/${row?.repo_name}`
    }
    const pushed = await tenant.push({ full_name: 'new-owner/new-name' })
    expect(await names()).toBe('new-owner/new-name')
    const build = await client.store.builds.selectByUuid({
      account_id: tenant.account_id,
      build_uuid: pushed.result.build_uuids[0],
    })
    expect(build?.settings).toMatchObject({
      provider_account_name: 'new-owner',
      repo_name: 'new-name',
    })
    const anHourAgo = Math.floor(Date.now() / 1000) - 3_600
    await tenant.push({ full_name: 'owner/old-name', pushed_at: anHourAgo })
    expect(await names()).toBe('new-owner/new-name')
  })

  test('that is delivered twice makes one build, and says which', async () => {
    const tenant = await tenantWithSecret()
    const push = { before: randomHex(40), after: randomHex(40), pushed_at: 1_790_000_000 }
    const first = await tenant.push(push, 'delivery-1')
    const sameDelivery = await tenant.push({}, 'delivery-1')
    const sameBody = await tenant.push(push, 'delivery-2')
    for (const again of [sameDelivery, sameBody]) {
      expect(again).toMatchObject({
        status: 200,
        result: { duplicate: true, build_uuids: first.result.build_uuids },
      })
    }
    expect(await tenant.builds()).toHaveLength(1)
  })

  test('that is delivered many times at once makes one build', async () => {
    const tenant = await tenantWithSecret()
    const push = { before: randomHex(40), after: randomHex(40), pushed_at: 1_790_000_000 }
    const answers = await Promise.all(Array.from({ length: 8 }, () => tenant.push(push)))
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200))
    expect(await tenant.builds()).toHaveLength(1)
  })

  test('replaces the older ones of its branch that are still queued', async () => {
    const tenant = await tenantWithSecret()
    const [a, b, c] = [randomHex(40), randomHex(40), randomHex(40)]
    await tenant.push({ before: a, after: b })
    await tenant.push({ before: a, after: randomHex(40), ref: 'refs/heads/other' })
    await tenant.push({ before: b, after: c })
    expect((await tenant.builds()).map((build) => build.skip_reason)).toEqual([
      'superseded',
      null,
      null,
    ])
  })

  test('that arrives after a newer one is skipped itself', async () => {
    const tenant = await tenantWithSecret()
    const [a, b, c] = [randomHex(40), randomHex(40), randomHex(40)]
    // Of one second, so that only what they follow says which is newer.
    const pushed_at = Math.floor(Date.now() / 1_000)
    await tenant.push({ before: b, after: c, pushed_at })
    await tenant.push({ before: a, after: b, pushed_at })
    expect((await tenant.builds()).map((build) => build.skip_reason)).toEqual([null, 'superseded'])
  })

  test('to a branch that no trigger builds makes no build and says so', async () => {
    const tenant = await tenantWithSecret({ branch_includes: ['main', 'release/*'] })
    const answer = await tenant.push({ ref: 'refs/heads/feature' })
    expect(answer.result).toMatchObject({ ignored: 'no trigger builds branch feature' })
    await tenant.push({ ref: 'refs/heads/release/1.2' })
    expect(await tenant.builds()).toHaveLength(1)
  })

  test.each([
    ['a deleted branch', { deleted: true, after: '0'.repeat(40) }],
    ['a tag', { ref: 'refs/tags/v1' }],
  ])('of %s is ignored', async (_, options) => {
    const tenant = await tenantWithSecret()
    const answer = await tenant.push(options)
    expect(answer.status).toBe(200)
    expect(answer.result.ignored).toEqual(expect.any(String))
    expect(await tenant.builds()).toEqual([])
  })

  test('with a NUL or half a character in its text is queued all the same', async () => {
    const tenant = await tenantWithSecret()
    const body = pushBody({ repo_id: tenant.repo_id }).replace('Change', 'Ch\\u0000\\ud800ange')
    const answer = await client.call(tenant.path, await delivery(body, tenant))
    expect(answer.status).toBe(200)
    expect(await tenant.builds()).toHaveLength(1)
  })
})

describe('a branch that goes back is built', () => {
  /** Moves the branch along these commits, a minute apart, and answers what is queued in the end. */
  async function move(...path: (string | null)[]) {
    const tenant = await tenantWithSecret()
    const gone = '0'.repeat(40)
    let before = gone
    for (const [minute, commit] of path.entries()) {
      const after = commit === null ? gone : commit.repeat(40)
      const pushed_at = 1_790_000_000 + 60 * minute
      await tenant.push({ before, after, deleted: commit === null, pushed_at })
      before = after
    }
    const builds = await tenant.builds()
    return builds
      .filter(({ status }) => status === 'queued')
      .map(({ commit_hash }) => commit_hash[0])
  }

  test.each([
    ['by two pushes, forced', ['a', 'b', 'c', 'a'], 'a'],
    ['by three pushes, forced', ['a', 'b', 'c', 'd', 'b'], 'b'],
    ['deleted and made again', ['a', 'b', null, 'a'], 'a'],
    ['to and fro', ['b', 'a', 'b', 'c', 'b'], 'b'],
  ])('%s', async (_, path, built) => {
    expect(await move(...path)).toEqual([built])
  })

  test('and its deletion, reported late, leaves what was pushed after it', async () => {
    const tenant = await tenantWithSecret()
    const [gone, a] = ['0'.repeat(40), randomHex(40)]
    await tenant.push({ before: gone, after: a, pushed_at: 1_790_000_000 })
    await tenant.push({ before: gone, after: a, pushed_at: 1_790_000_120 })
    await tenant.push({ before: a, after: gone, deleted: true, pushed_at: 1_790_000_060 })
    expect((await tenant.builds()).map((build) => build.skip_reason)).toEqual(['superseded', null])
  })
})

describe('a push that makes no build says why', () => {
  test('with a skipped build where the branch is built but nothing watched changed', async () => {
    const tenant = await tenantWithSecret()
    await client.sql`
      update triggers set path_includes = '["src/*"]' where trigger_uuid = ${tenant.trigger_uuid}`
    const answer = await tenant.push({ commits: [{ added: ['docs/a.md', 'docs/b.md'] }] })
    const [build] = await tenant.builds()
    expect(build).toMatchObject({ status: 'stopped', skip_reason: 'paths_excluded' })
    expect(answer.result).toMatchObject({
      build_uuids: [],
      ignored: 'none of the 2 changed files is in the watch paths',
      decisions: [{ decision: 'skip', build_uuid: build?.build_uuid }],
    })
    await tenant.push({ commits: [{ added: ['docs/c.md'] }, { modified: ['src/a.ts'] }] })
    await tenant.push({ commits: [{ removed: ['src/a.ts'] }] })
    expect((await tenant.builds()).map((found) => found.skip_reason)).toEqual([
      'paths_excluded',
      'superseded',
      null,
    ])
  })

  test('with a skipped build where the head commit asks for none', async () => {
    const tenant = await tenantWithSecret()
    const answer = await tenant.push({ message: 'Fix a typo [skip ci]' })
    expect(await tenant.builds()).toMatchObject([{ skip_reason: 'skip_ci' }])
    expect(answer.result.ignored).toBe('the commit message contains [skip ci]')
  })

  test('with a skipped build where the trigger is switched off or the repository gone', async () => {
    const tenant = await tenantWithSecret()
    await client.sql`
      update triggers set builds_enabled = false where trigger_uuid = ${tenant.trigger_uuid}`
    await tenant.push()
    await client.store.repoConnections.disconnect(
      tenant.repo_connection_uuid,
      'installation_suspended',
    )
    await client.sql`
      update triggers set builds_enabled = true where trigger_uuid = ${tenant.trigger_uuid}`
    await tenant.push()
    expect((await tenant.builds()).map((build) => build.skip_reason)).toEqual([
      'builds_disabled',
      'repo_disconnected',
    ])
  })

  test('a skipped push replaces none that is queued, and none that arrives later', async () => {
    const tenant = await tenantWithSecret()
    const [a, b, c] = [randomHex(40), randomHex(40), randomHex(40)]
    const earlier = { before: a, after: b, pushed_at: 1_790_000_000 }
    const skipped = { before: b, after: c, message: '[skip ci]', pushed_at: 1_790_000_060 }
    await tenant.push(earlier)
    await tenant.push(skipped)
    expect((await tenant.builds()).map((build) => build.skip_reason)).toEqual([null, 'skip_ci'])
    const other = await tenantWithSecret()
    await other.push(skipped)
    await other.push(earlier)
    expect((await other.builds()).map((build) => build.skip_reason)).toEqual(['skip_ci', null])
  })
})

test('what came of each delivery can be read, by its account alone', async () => {
  const tenant = await tenantWithSecret({ branch_includes: ['main'] })
  const built = await tenant.push({}, 'first')
  await tenant.push({ ref: 'refs/heads/feature' }, 'second')
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const path = (account_id: string) =>
    `/client/v4/accounts/${account_id}/builds/repos/connections/${tenant.repo_connection_uuid}/deliveries`
  const { result, result_info } = await client.call(path(tenant.account_id), { token })
  expect(result).toMatchObject([
    {
      delivery_id: 'second',
      event: 'push',
      result: { ignored: 'no trigger builds branch feature', decisions: [{ decision: 'none' }] },
    },
    {
      delivery_id: 'first',
      result: { build_uuids: built.result.build_uuids, decisions: [{ decision: 'build' }] },
    },
  ])
  expect(result_info).toMatchObject({ total_count: 2 })
  const other = await client.createTenant()
  const stranger = await client.createToken({ accounts: [other.account_id] })
  expect((await client.call(path(other.account_id), { token: stranger })).status).toBe(404)
})

test('two hooks that report one push make one build', async () => {
  const tenant = await tenantWithSecret()
  const push = { before: randomHex(40), after: randomHex(40), pushed_at: 1_790_000_000 }
  const [first] = (await tenant.push(push)).result.build_uuids
  // The second body differs, as an App's does from the repository's own hook.
  const second = await tenant.push({ ...push, message: 'Change a thing\n' })
  expect(second.result).toMatchObject({ build_uuids: [], decisions: [{ build_uuid: first }] })
  expect(await tenant.builds()).toHaveLength(1)
})

test('a rewritten branch is built whatever it watches', async () => {
  const tenant = await tenantWithSecret()
  await client.sql`
    update triggers set path_includes = '["src/*"]' where trigger_uuid = ${tenant.trigger_uuid}`
  await tenant.push({ forced: true, commits: [{ added: ['docs/a.md'] }] })
  expect(await tenant.builds()).toMatchObject([{ status: 'queued' }])
})

test('builds of a branch that was deleted are not started, those of its later pushes are', async () => {
  const tenant = await tenantWithSecret()
  const [a, b] = [randomHex(40), randomHex(40)]
  const ref = 'refs/heads/feature'
  await tenant.push({ ref, after: a })
  await tenant.push({ ref, before: a, after: '0'.repeat(40), deleted: true })
  await tenant.push({ ref, before: '0'.repeat(40), after: b })
  expect((await tenant.builds()).map((build) => build.skip_reason)).toEqual([
    'branch_deleted',
    null,
  ])
  // The deletion that comes late does no harm to what was pushed after it.
  await tenant.push({ ref, before: a, after: '0'.repeat(40), deleted: true, pushed_at: 1 })
  expect((await tenant.builds()).at(-1)?.skip_reason).toBeNull()
})

test('a check that is run again builds its commit anew, with the settings of now', async () => {
  const tenant = await tenantWithSecret()
  const after = randomHex(40)
  await tenant.push({ after })
  const [first] = await tenant.builds()
  const rerun = async (external_id: string, head_sha = after) => {
    const body = JSON.stringify({
      action: 'rerequested',
      check_run: { id: Math.random(), external_id, head_sha },
      repository: { id: tenant.repo_id },
    })
    const headers = await delivery(body, { ...tenant, event: 'check_run' })
    return (await client.call(tenant.path, headers)).result
  }
  expect(await rerun(first?.build_uuid ?? '')).toMatchObject({ build_uuids: [] })
  await client.sql`
    update builds set status = 'stopped', build_outcome = 'fail', stopped_on = now(),
      failure_reason = 'build_command_failed'
    where build_uuid = ${first?.build_uuid ?? ''}`
  await client.sql`
    update triggers set build_command = 'npm run other' where trigger_uuid = ${tenant.trigger_uuid}`
  const { build_uuids } = await rerun(first?.build_uuid ?? '')
  expect(build_uuids).toHaveLength(1)
  const again = await client.store.builds.selectByUuid({
    account_id: tenant.account_id,
    build_uuid: build_uuids[0],
  })
  expect(again).toMatchObject({
    status: 'queued',
    commit_hash: after,
    settings: { build_command: 'npm run other' },
  })
  const other = await tenantWithSecret()
  for (const strange of [other.repo_connection_uuid, 'a check of somebody else']) {
    expect(await rerun(strange)).toMatchObject({ build_uuids: [] })
  }
})

test.each(['the same repository', 'a fork', 'a fork that is gone'])(
  'a pull request from %s makes no build, and says why',
  async (from) => {
    const tenant = await tenantWithSecret()
    const repo =
      from === 'a fork that is gone'
        ? null
        : { id: from === 'a fork' ? 1 : tenant.repo_id, full_name: 'somebody/repo' }
    const body = JSON.stringify({
      action: 'opened',
      number: 5,
      pull_request: { head: { ref: 'x', repo }, base: { repo: { id: tenant.repo_id } } },
      repository: { id: tenant.repo_id },
    })
    const request = await delivery(body, { ...tenant, event: 'pull_request' })
    const { result } = await client.call(tenant.path, request)
    const fork = 'forks are not built, so as to see no secret'
    expect(result.ignored).toContain(repo?.id === tenant.repo_id ? 'branch x are built' : fork)
    expect(await tenant.builds()).toEqual([])
  },
)

test('a ping is answered', async () => {
  const tenant = await tenantWithSecret()
  const answer = await client.call(
    tenant.path,
    await delivery('{"zen":"Keep it simple"}', { ...tenant, event: 'ping' }),
  )
  expect(answer).toMatchObject({ status: 200, result: { event: 'ping' } })
})

describe('refused with a 4xx and no build', () => {
  test.each([
    ['a forged signature', 401, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['a signature of another form', 401, { 'x-hub-signature-256': 'sha1=abc' }],
    ['no delivery id', 400, { 'x-github-delivery': '' }],
  ])('%s', async (_, status, headers) => {
    const tenant = await tenantWithSecret()
    const request = await delivery(pushBody(tenant), tenant)
    const merged = new Headers(request.headers)
    for (const [name, value] of Object.entries(headers)) {
      if (value === '') merged.delete(name)
      else merged.set(name, value)
    }
    const answer = await client.call(tenant.path, { ...request, headers: merged })
    expect(answer).toMatchObject({ status, success: false })
    expect(await tenant.builds()).toEqual([])
  })

  test("another connection's signature", async () => {
    const [mine, other] = [
      await tenantWithSecret(),
      await client.createWebhookTenant('another secret'),
    ]
    const request = await delivery(pushBody(mine), other)
    expect((await client.call(mine.path, request)).status).toBe(401)
  })

  test('a signed body that is no JSON, no push, or of another repository', async () => {
    const tenant = await tenantWithSecret()
    for (const body of ['push!', '{}', '[]', 'null', pushBody({ repo_id: 1 })]) {
      const answer = await client.call(tenant.path, await delivery(body, tenant))
      expect(answer).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
    }
    expect(await tenant.builds()).toEqual([])
  })

  test.each([crypto.randomUUID(), 'nobody'])('connection %s', async (uuid) => {
    const answer = await client.call(
      `/webhooks/github/${uuid}`,
      await delivery('{}', { secret: 'x' }),
    )
    expect(answer).toMatchObject({ status: 404, errors: [{ code: 12000 }] })
  })
})
