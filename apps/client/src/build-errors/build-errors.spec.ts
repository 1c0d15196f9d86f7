import { env } from 'cloudflare:workers'
import { AccountErrors, BuildErrors, WorkerErrors } from '@workers-builds/contracts'
import { randomHex, type Tenant } from '@workers-builds/store/testing'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

async function behave(as: 'well' | 'without logs') {
  await (env.BUILD_MANAGEMENT as unknown as { behave(as: string): Promise<void> }).behave(as)
}

async function tenantWithToken(options: { branch_includes?: string[] } = {}) {
  const tenant = await client.createTenant(options)
  const token = await client.createToken({ accounts: [tenant.account_id], permission: 'read' })
  const base = `/client/v4/accounts/${tenant.account_id}/builds`
  return { ...tenant, token, base, worker: `${base}/workers/${tenant.script_tag}/errors` }
}

/** A build of `branch` that failed with a script that is missing. */
async function fail(tenant: Tenant, branch: string) {
  const commit_hash = randomHex(40)
  const { build } = await client.createBuild({ tenant, branch, commit_hash })
  await client.store.builds.saveState({
    build_id: build.build_id,
    state: { status: 'initializing', build_outcome: null, failure_reason: null },
    steps: [],
  })
  await client.store.builds.saveState({
    build_id: build.build_id,
    state: { status: 'stopped', build_outcome: 'fail', failure_reason: 'build_command_failed' },
    steps: [],
  })
  await client.store.buildErrorScans.replace([
    {
      build_id: build.build_id,
      outcome: 'detected',
      detector_version: 1,
      lines_read: 9,
      errors: [
        {
          error_code: 'npm_error',
          error_group: 'npm error Missing script: "<SCRIPT>"',
          cause: 'script_missing',
          fault: 'user',
          step: 'building',
          line: 4,
          confidence: 1,
          title: 'not stored',
        },
      ],
    },
  ])
  return { ...build, commit_hash }
}

const EXPLAINED = {
  title: expect.stringMatching(/script/),
  fix: expect.stringMatching(/[a-z]/),
  docs_url: expect.stringMatching(/^https:/),
}

describe("a Worker's failures over time", () => {
  test('are listed with what to do, per branch and for production', async () => {
    const tenant = await tenantWithToken({ branch_includes: ['main'] })
    const first = await fail(tenant, 'main')
    const last = await fail(tenant, 'main')
    const other = await fail(tenant, 'feature')
    const ask = async (query: string) => {
      const { status, result } = await client.call(`${tenant.worker}${query}`, tenant)
      expect(status).toBe(200)
      return WorkerErrors.parse(result)
    }
    expect(await ask('?production=true')).toMatchObject({
      branches: ['main'],
      errors: [
        {
          error_code: 'npm_error',
          cause: 'script_missing',
          ...EXPLAINED,
          build_count: 2,
          builds_in_a_row: 2,
          is_current: true,
          last_good: null,
          first_seen: { build_uuid: first.build_uuid, commit_hash: first.commit_hash },
          last_seen: { build_uuid: last.build_uuid },
        },
      ],
    })
    expect(await ask('?branch=feature')).toMatchObject({
      branches: ['feature'],
      errors: [{ build_count: 1, last_seen: { build_uuid: other.build_uuid } }],
    })
    expect(await ask('')).toMatchObject({ branches: null, errors: [{ build_count: 3 }] })
    expect(await ask('?branch=none')).toEqual({ branches: ['none'], errors: [] })
  })

  test.each(['?branch=main&production=true', '?production=yes', '?branch=', '?limit=0'])(
    'are refused for %s',
    async (query) => {
      const tenant = await tenantWithToken()
      const answer = await client.call(`${tenant.worker}${query}`, tenant)
      expect(answer).toMatchObject({ status: 400, errors: [{ code: 12002 }] })
    },
  )

  test("are not found for another account's Worker, nor for one that does not exist", async () => {
    const [mine, other] = [await tenantWithToken(), await tenantWithToken()]
    await fail(other, 'main')
    expect(await client.call(other.worker, mine)).toMatchObject({ status: 403, result: null })
    for (const tag of [other.script_tag, randomHex(32)]) {
      const answer = await client.call(`${mine.base}/workers/${tag}/errors`, mine)
      expect(answer).toMatchObject({ status: 404, result: null })
    }
  })
})

describe("a build's errors", () => {
  async function errorsOf(tenant: Awaited<ReturnType<typeof tenantWithToken>>) {
    const { build_uuid } = await fail(tenant, 'main')
    const answer = await client.call(`${tenant.base}/builds/${build_uuid}/errors`, tenant)
    expect(answer.status).toBe(200)
    return BuildErrors.parse(answer.result).errors
  }

  test('come with the decisive line, counted from 1, what is around it, and the place it names', async () => {
    const numbered = (line_number: number) => {
      return { line_number, text: `line ${line_number} of src/a.ts:${line_number}:7` }
    }
    expect(await errorsOf(await tenantWithToken())).toMatchObject([
      {
        ...EXPLAINED,
        line_number: 5,
        line_text: numbered(5).text,
        context: [3, 4, 6, 7, 8, 9].map(numbered),
        location: { file: 'src/a.ts', line: 5, column: 7 },
        // What clients of an earlier release read.
        line: 4,
      },
    ])
  })

  test('come without them when the log cannot be read', async () => {
    const tenant = await tenantWithToken()
    await behave('without logs')
    try {
      expect(await errorsOf(tenant)).toMatchObject([
        { ...EXPLAINED, line_number: 5, line_text: null, context: [], location: null },
      ])
    } finally {
      await behave('well')
    }
  })
})

describe("an account's failures", () => {
  test('are its own, of the time that is asked for, with what to do', async () => {
    const [mine, other] = [await tenantWithToken(), await tenantWithToken()]
    await fail(mine, 'main')
    const last = await fail(mine, 'main')
    const { status, result } = await client.call(`${mine.base}/errors`, mine)
    expect(status).toBe(200)
    expect(AccountErrors.parse(result).errors).toMatchObject([
      {
        error_code: 'npm_error',
        cause: 'script_missing',
        fault: 'user',
        ...EXPLAINED,
        build_count: 2,
        worker_count: 1,
        last_build_uuid: last.build_uuid,
      },
    ])
    const none = await client.call(`${other.base}/errors`, other)
    expect(none.result.errors).toEqual([])
    const before = '?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z'
    expect((await client.call(`${mine.base}/errors${before}`, mine)).result.errors).toEqual([])
    expect(await client.call(`${other.base}/errors`, mine)).toMatchObject({ status: 403 })
  })

  test('are refused for a range that is none', async () => {
    const { base, token } = await tenantWithToken()
    const path = `${base}/errors?from=2020-02-01T00:00:00Z&to=2020-01-01T00:00:00Z`
    expect(await client.call(path, { token })).toMatchObject({
      status: 400,
      errors: [{ code: 12002 }],
    })
  })
})

test('a build that succeeded has its warnings in its explanation, one that is queued says that it is', async () => {
  const tenant = await tenantWithToken()
  const { build } = await client.createBuild({ tenant })
  const explain = async () =>
    await client.call(`${tenant.base}/builds/${build.build_uuid}/errors`, { token: tenant.token })
  expect(await explain()).toMatchObject({
    status: 200,
    messages: [{ code: 12103, message: expect.stringContaining('is queued') }],
    result: { scan: null, errors: [] },
  })
  const warnings = ['Warning: npx downloads semver@7.8.6, since semver is not installed']
  await client.store.builds.saveState({
    build_id: build.build_id,
    state: { status: 'stopped', build_outcome: 'success', failure_reason: null },
    steps: [],
    warnings,
  })
  expect((await explain()).messages).toEqual([
    { code: 12103, message: expect.stringContaining('succeeded: there is nothing to explain') },
    { code: 12104, message: warnings[0] },
  ])
  const shown = await client.call(`${tenant.base}/builds/${build.build_uuid}`, tenant)
  expect(shown.result.warnings).toEqual(warnings)
})
