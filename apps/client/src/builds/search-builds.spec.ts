import { FoundBuilds } from '@workers-builds/contracts'
import { randomHex, type Tenant } from '@workers-builds/store/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

/** The account's builds that a query finds, on pages of its `per_page`, all of them. */
async function search({ tenant, token }: Searcher, query: Record<string, string>) {
  const builds: string[] = []
  const pages: number[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const parameters = new URLSearchParams({ ...query, ...(cursor !== '' && { cursor }) })
    const path = `/client/v4/accounts/${tenant.account_id}/builds/builds/search?${parameters}`
    const { status, result } = await client.call(path, { token })
    expect(status).toBe(200)
    const found = FoundBuilds.parse(result)
    builds.push(...found.builds.map(({ build_uuid }) => build_uuid))
    pages.push(found.builds.length)
    cursor = found.cursor
  }
  return { builds, pages }
}

type Searcher = { tenant: Tenant; token: string }

async function createSearcher(): Promise<Searcher> {
  const tenant = await client.createTenant()
  return { tenant, token: await client.createToken({ accounts: [tenant.account_id] }) }
}

describe('a search', () => {
  const HASH = randomHex(40)
  let searcher: Searcher
  let failed: string
  let queued: string

  beforeAll(async () => {
    searcher = await createSearcher()
    const { tenant } = searcher
    const { build } = await client.createFailedBuild({ tenant })
    await client.store.buildErrorScans.replace([
      {
        build_id: build.build_id,
        outcome: 'detected',
        detector_version: 1,
        lines_read: 1,
        errors: [
          {
            error_code: 'wrangler_error',
            error_group: 'Could not resolve "<MODULE>"',
            cause: 'module_not_found',
            fault: 'user',
            step: 'building',
            line: 0,
            confidence: 1,
            title: '',
          },
        ],
      },
    ])
    failed = build.build_uuid
    const other = await client.createBuild({ tenant, branch: 'feature/x', commit_hash: HASH })
    queued = other.build.build_uuid
    await client.sql`
      update builds set commit_message = 'Fix 100% of_the Überweisung', author = 'Ann, of A'
      where build_uuid = ${queued}`
    // Another account's, which would match everything.
    await client.createFailedBuild()
  })

  test.for<[Record<string, string>, ('failed' | 'queued')[]]>([
    [{}, ['queued', 'failed']],
    [{ branch: 'feature/x' }, ['queued']],
    [{ branch: 'main,feature/x' }, ['queued']],
    [{ status: 'queued,running' }, ['queued']],
    [{ build_outcome: 'fail' }, ['failed']],
    [{ build_outcome: 'success' }, []],
    [{ failure_reason: 'build_command_failed,timed_out' }, ['failed']],
    [{ cause: 'module_not_found' }, ['failed']],
    [{ cause: 'out_of_memory' }, []],
    [{ build_trigger_source: 'push_event' }, ['queued', 'failed']],
    [{ author: 'Ann, of A' }, ['queued']],
    [{ author: 'nobody' }, []],
    [{ search: 'überWEISUNG' }, ['queued']],
    [{ search: '100% of_' }, ['queued']],
    [{ search: '1000 of%the' }, []],
    [{ search: HASH.slice(0, 8).toUpperCase() }, ['queued']],
    [{ search: HASH.slice(1, 9) }, []],
    [{ created_after: '2026-01-01T00:00:00Z' }, ['queued', 'failed']],
    [{ created_before: '2026-01-01T00:00:00+02:00' }, []],
    [{ status: 'stopped', search: 'Fix' }, []],
  ])('for %j', async ([query, expected]) => {
    const names = { failed, queued }
    expect((await search(searcher, query)).builds).toEqual(expected.map((name) => names[name]))
  })

  test('of a Worker finds none of another Worker', async () => {
    const { script_tag } = searcher.tenant
    expect((await search(searcher, { script_tag })).builds).toHaveLength(2)
    expect((await search(searcher, { script_tag: randomHex(32) })).builds).toEqual([])
  })

  test.for([
    ['status', 'runing'],
    ['build_outcome', 'failed'],
    ['created_after', 'yesterday'],
    ['cursor', 'x'],
    ['per_page', '201'],
    ['brnach', 'main'],
  ])('by %s=%s is refused by name', async ([name, value]) => {
    const { tenant, token } = searcher
    const path = `/client/v4/accounts/${tenant.account_id}/builds/builds/search?${name}=${value}`
    const { status, errors } = await client.call(path, { token })
    expect(status).toBe(400)
    expect(JSON.stringify(errors)).toContain(name)
  })
})

test('pages follow each other, each build once, and look at a bounded number of builds', async () => {
  const searcher = await createSearcher()
  const build_ids = await client.createFailedBuilds(10_001, { tenant: searcher.tenant })
  const [oldest] = await client.sql<{ build_uuid: string }[]>`
    update builds set commit_message = 'needle' where build_id = ${build_ids[0] ?? 0}
    returning build_uuid`
  const needle = await search(searcher, { search: 'needle' })
  expect(needle).toEqual({ builds: [oldest?.build_uuid], pages: [0, 0, 1] })
  const { builds } = await search(searcher, { per_page: '200', search: 'message' })
  expect(builds).toHaveLength(10_000)
  expect(new Set(builds).size).toBe(10_000)
})
