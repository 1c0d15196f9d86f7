import { env } from 'cloudflare:workers'
import {
  BuildCompletion,
  BuildErrorTrend,
  type Fault,
  NewBuildErrors,
  TopBuildErrors,
  UnclassifiedBuildErrors,
} from '@workers-builds/contracts'
import { beforeEach, describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()
const TOP = '/internal/build-errors/top'

beforeEach(() => client.clear())

async function failWith(
  error_group: string,
  { error_code = 'npm_error', fault = 'user' }: { error_code?: string; fault?: Fault } = {},
) {
  const { build } = await client.createFailedBuild()
  const error = {
    error_code,
    error_group,
    cause: 'lockfile_out_of_sync',
    fault,
    step: 'installing' as const,
    line: 1,
    confidence: 1,
    title: '',
  }
  await client.store.buildErrorScans.replace([
    {
      build_id: build.build_id,
      outcome: 'detected',
      detector_version: 1,
      lines_read: 2,
      errors: [error],
    },
  ])
}

describe('the top list', () => {
  test('counts across accounts and hides groups that too few of them share', async () => {
    for (const group of ['shared', 'shared', 'shared', 'private']) await failWith(group)
    const token = await client.createToken({ is_platform: true })
    const { status, result } = await client.call(TOP, { token })
    expect(status).toBe(200)
    const { errors } = TopBuildErrors.parse(result)
    expect(errors.map((row) => [row.error_group, row.build_count])).toEqual([
      ['shared', 3],
      [null, 1],
    ])
    expect(JSON.stringify(result)).not.toContain('private')
  })

  test('tells our faults and theirs apart', async () => {
    for (let i = 0; i < 3; i++) await failWith('ours', { fault: 'platform' })
    for (let i = 0; i < 4; i++) await failWith('theirs')
    const token = await client.createToken({ is_platform: true })
    const { result, result_info } = await client.call(`${TOP}?fault=platform`, { token })
    expect(result.errors).toMatchObject([
      { error_group: 'ours', fault: 'platform', build_count: 3, account_count: 3 },
    ])
    expect(result_info).toMatchObject({ count: 1, total_count: 1 })
    expect((await client.call(`${TOP}?fault=nobody`, { token })).status).toBe(400)
  })

  test('is read page by page, each row once', async () => {
    const groups = ['most', 'more', 'some']
    for (const [index, group] of groups.entries()) {
      for (let i = index; i < 5; i++) await failWith(group)
    }
    const token = await client.createToken({ is_platform: true })
    const pages = []
    for (const page of [1, 2, 3]) {
      const { result, result_info } = await client.call(`${TOP}?limit=2&page=${page}`, { token })
      expect(result_info).toMatchObject({ page, per_page: 2, total_count: 3 })
      pages.push(TopBuildErrors.parse(result).errors.map((row) => row.error_group))
    }
    expect(pages).toEqual([['most', 'more'], ['some'], []])
  })

  test('is for platform scope only', async () => {
    const { tenant } = await client.createBuild()
    const token = await client.createToken({ accounts: [tenant.account_id] })
    expect((await client.call(TOP, { token })).status).toBe(403)
    expect((await client.call(TOP)).status).toBe(401)
  })

  test.each([
    'from=yesterday',
    'limit=0',
    'page=0',
    'from=2030-01-01T00:00:00Z&to=2020-01-01T00:00:00Z',
  ])('refuses ?%s with the value', async (query) => {
    const token = await client.createToken({ is_platform: true })
    const { status, errors } = await client.call(`${TOP}?${query}`, { token })
    expect(status).toBe(400)
    expect(errors[0]?.message).toMatch(/from=|limit=|page=/)
  })
})

describe('the trend of an error', () => {
  const trendOf = async (query: string) =>
    client.call(`/internal/build-errors/trend?${query}`, {
      token: await client.createToken({ is_platform: true }),
    })

  test('counts the builds and accounts that had it in each interval', async () => {
    for (let i = 0; i < 3; i++) await failWith('shared')
    const { result } = await trendOf('error_code=npm_error&error_group=shared&interval=week')
    const { buckets, ...trend } = BuildErrorTrend.parse(result)
    expect(trend).toMatchObject({ build_count: 3, account_count: 3 })
    expect(buckets.reduce((sum, bucket) => sum + bucket.build_count, 0)).toBe(3)
  })

  test('is not found for a group that too few accounts share, as if there were none', async () => {
    await failWith('private')
    const hidden = await trendOf('error_code=npm_error&error_group=private')
    const none = await trendOf('error_code=npm_error&error_group=nothing')
    expect(hidden.status).toBe(404)
    expect([hidden.status, hidden.errors]).toEqual([none.status, none.errors])
    expect((await trendOf('error_code=npm_error')).status).toBe(200)
  })

  test('is refused where it would have too many intervals', async () => {
    const { status, errors } = await trendOf(
      'error_code=npm_error&interval=hour&from=2020-01-01T00:00:00Z',
    )
    expect([status, errors[0]?.message]).toEqual([400, expect.stringContaining('interval=hour')])
  })
})

describe('new errors', () => {
  const newSince = async (since: string) => {
    const token = await client.createToken({ is_platform: true })
    return client.call(`/internal/build-errors/new?since=${since}`, { token })
  }

  test('are the shared groups that nobody had before', async () => {
    for (const group of ['shared', 'shared', 'shared', 'private']) await failWith(group)
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
    const { errors } = NewBuildErrors.parse((await newSince(hourAgo)).result)
    expect(errors).toMatchObject([{ error_group: 'shared', is_new: true, build_count: 3 }])
  })

  test('are asked for since a moment that has passed', async () => {
    expect((await newSince('2999-01-01T00:00:00Z')).status).toBe(400)
    expect((await newSince('lately')).status).toBe(400)
  })
})

describe('the unclassified list', () => {
  const UNCLASSIFIED = '/internal/build-errors/unclassified'

  test('puts like with like, and shows nothing that too few accounts share', async () => {
    for (const tool of ['one', 'two', 'three', 'three', 'three']) {
      await failWith(`fatal: the ${tool} tool is not ready`, { error_code: 'unclassified' })
    }
    await failWith('panic: private words', { error_code: 'unclassified' })
    const token = await client.createToken({ is_platform: true })
    const { result } = await client.call(UNCLASSIFIED, { token })
    const { clusters, hidden } = UnclassifiedBuildErrors.parse(result)
    expect(clusters).toHaveLength(1)
    expect(clusters[0]).toMatchObject({
      build_count: 5,
      account_count: 5,
      groups: [{ error_group: 'fatal: the three tool is not ready', build_count: 3 }],
    })
    expect(hidden).toEqual({ cluster_count: 1, build_count: 1 })
    expect(JSON.stringify(result)).not.toMatch(/private|one|two/)
  })

  test('is apart from the top list, which counts only what is explained', async () => {
    for (let i = 0; i < 3; i++) await failWith('fatal: something', { error_code: 'unclassified' })
    const token = await client.createToken({ is_platform: true })
    expect((await client.call(TOP, { token })).result.errors).toEqual([])
  })

  test('is for platform scope only', async () => {
    const { tenant } = await client.createBuild()
    const token = await client.createToken({ accounts: [tenant.account_id] })
    expect((await client.call(UNCLASSIFIED, { token })).status).toBe(403)
  })
})

describe('a backfill', () => {
  const BACKFILLS = '/internal/build-errors/backfills'
  const start = async (body: unknown) =>
    await client.call(BACKFILLS, {
      method: 'POST',
      token: await client.createToken({ is_platform: true }),
      body: JSON.stringify(body),
    })

  test.each([
    [{ min_build_id: -1 }, 'min_build_id=-1'],
    [{ min_build_id: 9, max_build_id: 3 }, 'max_build_id=3'],
    [{ min_build_id: 1.5 }, 'min_build_id=1.5'],
    [{ max_build_id: 'all' }, 'max_build_id="all"'],
    [{ account_ids: ['x'] }, 'account_ids.0="x"'],
    [{ builds_per_second: 0 }, 'builds_per_second=0'],
    [{ min_bild_id: 1 }, 'min_bild_id'],
    [[], 'body=[]'],
  ])('of %j is refused with the value that is wrong', async (body, named) => {
    const { status, errors } = await start(body)
    expect(status).toBe(400)
    expect(errors[0]).toMatchObject({ code: 12002, message: expect.stringContaining(named) })
  })

  test('is listed without its progress when the agent does not answer', async () => {
    const management = env.BUILD_MANAGEMENT as unknown as { behave(as: string): Promise<void> }
    const token = await client.createToken({ is_platform: true })
    await management.behave('hanging')
    try {
      const { status, result } = await client.call(BACKFILLS, { token })
      expect(status).toBe(200)
      expect(result).toEqual(expect.any(Array))
    } finally {
      await management.behave('well')
    }
  })

  test('is for platform scope only', async () => {
    const { tenant } = await client.createBuild()
    const token = await client.createToken({ accounts: [tenant.account_id] })
    for (const [method, path] of [
      ['POST', BACKFILLS],
      ['GET', BACKFILLS],
      ['POST', `${BACKFILLS}/stop`],
    ] as const) {
      expect((await client.call(path, { method, token })).status).toBe(403)
      expect((await client.call(path, { method })).status).toBe(401)
    }
  })
})

test('the completion rate counts what was seen through, and why the rest was not', async () => {
  const token = await client.createToken({ is_platform: true })
  const path = '/internal/builds/completion'
  expect(await client.call(path, { token })).toMatchObject({
    status: 200,
    result: { started: 0, complete: 0, rate: null, incomplete_by_reason: {}, periods: [] },
  })
  for (const failure_reason of ['internal_error', 'install_failed', 'install_failed'] as const) {
    const { build } = await client.createFailedBuild({ failure_reason })
    const { build_id } = build
    await client.sql`update builds set initializing_on = now() where build_id = ${build_id}`
    await client.sql`
      insert into build_steps (build_id, step, started_on) values (${build_id}, 'installing', now())`
  }
  const { result } = await client.call(`${path}?interval=hour`, { token })
  const counts = {
    started: 3,
    complete: 2,
    rate: 2 / 3,
    incomplete_by_reason: { internal_error: 1 },
  }
  expect(BuildCompletion.parse(result)).toMatchObject({ interval: 'hour', ...counts })
  expect(result.periods).toHaveLength(1)
  expect(result.periods[0]).toMatchObject(counts)
  for (const query of ['interval=year', 'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z']) {
    expect((await client.call(`${path}?${query}`, { token })).status).toBe(400)
  }
})

describe('erasing an account', () => {
  test('is accepted once, reported again, and revokes its tokens at once', async () => {
    const { tenant } = await client.createBuild()
    const token = await client.createToken({ accounts: [tenant.account_id] })
    const platform = await client.createToken({ is_platform: true })
    const path = `/internal/accounts/${tenant.account_id}`
    const [first, again] = [
      await client.call(path, { method: 'DELETE', token: platform }),
      await client.call(path, { method: 'DELETE', token: platform }),
    ]
    expect(first).toMatchObject({
      status: 202,
      result: { account_id: tenant.account_id, script_tag: null, builds_left: 1 },
    })
    expect(again.result).toEqual(first.result)
    const builds = `/client/v4/accounts/${tenant.account_id}/builds/workers/${tenant.script_tag}/builds`
    expect((await client.call(builds, { token })).status).toBe(401)
  })

  test('is for the platform, and for accounts that there are', async () => {
    const { tenant } = await client.createBuild()
    const token = await client.createToken({ accounts: [tenant.account_id] })
    const path = `/internal/accounts/${tenant.account_id}`
    expect((await client.call(path, { method: 'DELETE', token })).status).toBe(403)
    const platform = await client.createToken({ is_platform: true })
    const unknown = `/internal/accounts/${'0'.repeat(32)}`
    expect((await client.call(unknown, { method: 'DELETE', token: platform })).status).toBe(404)
  })
})
