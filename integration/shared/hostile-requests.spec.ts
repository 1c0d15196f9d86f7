/**
 * Malformed and hostile requests to every route. `HOSTILE_REQUESTS` says how many for each, and
 * `HOSTILE_SEED` which.
 */
import { ConnectedRepo, V4Failure, v4Envelope } from '@workers-builds/contracts'
import { createHarness, type Tenant } from '@workers-builds/store/testing'
import { createRandom } from '@workers-builds/test-kit/random'
import pMap from 'p-map'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Document, openHostility, type Route, routesOf } from '../support/hostile-requests.ts'
import { useSharedStack } from './use-shared-stack.ts'

const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 12)
const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_251_122)
/** Longer than any answer takes, however busy the machine. */
const PATIENCE_MS = 60_000
const PLANTED = 'planted-in-another-account'

const stack = useSharedStack()
let document: Document
let mine: Tenant
let other: Tenant

beforeAll(async () => {
  const described = await fetch(`${stack.url}/client/v4/openapi.json`)
  document = (await described.json()) as Document
  const harness = createHarness(stack.sql)
  mine = await harness.createTenant()
  other = await harness.createTenant()
  for (const tenant of [mine, other]) await harness.createFailedBuild({ tenant })
  const { account_id, trigger_uuid } = other
  await stack.sql`update builds set commit_message = ${PLANTED} where account_id = ${account_id}`
  await stack.sql`update triggers set trigger_name = ${PLANTED} where trigger_uuid = ${trigger_uuid}`
  await stack.sql`update build_tokens set build_token_name = ${PLANTED} where account_id = ${account_id}`
  await stack.sql`update repo_connections set repo_name = ${PLANTED} where account_id = ${account_id}`
  await stack.sql`update workers set script_name = ${PLANTED} where account_id = ${account_id}`
  await stack.sql`
    insert into environment_variables (trigger_uuid, key, is_secret, value)
    values (${trigger_uuid}, 'KEY', false, ${PLANTED})`
})

test('no request makes us fail, hang, or show another account', {
  timeout: 600_000,
}, async () => {
  const random = createRandom(SEED)
  const tokens = { good: await grant(mine), bad: ['', 'x', stack.token, '\u00e9'] }
  const known = await knownValues()
  const hostility = openHostility({ random, document, known })
  // Platform scope may erase accounts, and does: one that nobody else looks at.
  const erasable = await createHarness(stack.sql).createTenant()
  const asPlatform = openHostility({
    random,
    document,
    known: { ...known, account_id: [erasable.account_id], account_ids: [erasable.account_id] },
  })
  // What is left of an erased Worker answers little: none of this name is there.
  const spared = openHostility({ random, document, known: { ...known, script_name: ['nobody'] } })
  const drawerOf = ({ operation }: Route) =>
    operation.operationId === 'worker-script-delete-worker' ? spared : hostility
  const before = await rowsOf(other)
  const requests = routesOf(document).flatMap((route) =>
    Array.from({ length: REQUESTS }, () => ({
      route,
      ...(route.path.startsWith('/internal')
        ? asPlatform.draw(route, { ...tokens, good: stack.platform_token })
        : drawerOf(route).draw(route, tokens)),
    })),
  )
  const statuses = new Set<number>()
  const problems: string[] = []
  await pMap(
    requests,
    async ({ route, target, ...request }) => {
      const description = `${request.method} ${target.slice(0, 300)} ${request.body?.slice(0, 300) ?? ''}`
      const response = await fetch(`${stack.url}${target}`, {
        ...request,
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch((error: unknown) => {
        problems.push(`${description}: ${error}`)
      })
      if (!response) return
      const text = await response.text()
      statuses.add(response.status)
      const problem = problemOf({ route, response, text })
      if (problem)
        problems.push(`${description}: ${problem}: ${response.status} ${text.slice(0, 500)}`)
    },
    { concurrency: 8 },
  )
  expect(problems).toEqual([])
  expect(await rowsOf(other)).toEqual(before)
  // Not everything was refused at the door.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404, 405]))
})

/** What is wrong with an answer. */
function problemOf({ route, response, text }: { route: Route; response: Response; text: string }) {
  // A system that has just started is not well yet, and says so.
  if (route.path === '/health') return undefined
  if (response.status >= 500) return 'we fail'
  if (!route.path.startsWith('/internal') && text.includes(PLANTED)) return 'it shows too much'
  if (!isApi(route) || text === '') return undefined
  const schema = response.ok ? v4Envelope(z.unknown()) : V4Failure
  const answer = JSON.parse(text)
  if (!schema.safeParse(answer).success) return 'no envelope'
  const hasId = response.ok || answer.request_id === response.headers.get('x-request-id')
  return hasId ? undefined : 'no request id'
}

const isApi = ({ path }: Route) =>
  /^\/(client\/v4|internal)\//.test(path) && !path.endsWith('/openapi.json')

async function grant({ account_id }: Tenant): Promise<string> {
  return await createHarness(stack.sql).createToken({ accounts: [account_id] })
}

/** A repository connection whose webhook secret is a real one. */
async function connectRepository(tenant: Tenant): Promise<string> {
  const path = `/client/v4/accounts/${tenant.account_id}/builds/repos/connections`
  const response = await fetch(`${stack.url}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await grant(tenant)}` },
    body: JSON.stringify({
      provider_type: 'github',
      provider_account_id: '1',
      provider_account_name: 'owner',
      repo_id: '1',
      repo_name: 'repo',
    }),
  })
  const { result } = v4Envelope(ConnectedRepo).parse(await response.json())
  return result.repo_connection_uuid
}

/** What the two accounts have, by the names that parameters and fields have. */
async function knownValues(): Promise<Record<string, string[]>> {
  const tenants = [mine, mine, other]
  const builds = await stack.sql<{ build_uuid: string }[]>`
    select build_uuid from builds
    where account_id in (${mine.account_id}, ${other.account_id}) order by build_id`
  const [worker] = await stack.sql<{ script_name: string }[]>`
    select script_name from workers where script_tag = ${mine.script_tag}`
  const tags = tenants.map((tenant) => tenant.script_tag)
  return {
    account_id: [...Array<string>(8).fill(mine.account_id), other.account_id],
    script_tag: tags,
    external_script_id: tags,
    external_script_ids: [...tags, tags.join(',')],
    script_name: [worker?.script_name ?? ''],
    trigger_uuid: tenants.map((tenant) => tenant.trigger_uuid),
    repo_connection_uuid: [await connectRepository(mine), await connectRepository(other)],
    build_token_uuid: tenants.map((tenant) => tenant.settings.build_token_uuid),
    build_uuid: builds.map((build) => build.build_uuid),
    ids: builds.map((build) => build.build_uuid),
    environment_variable_key: ['KEY'],
    page: ['1', '2', '1000000'],
    per_page: ['1', '200'],
  }
}

/** Every row of an account, as text. */
async function rowsOf({ account_id, script_tag, trigger_uuid }: Tenant): Promise<string[]> {
  const rows = await stack.sql<{ row: string }[]>`
    select b::text as row from builds b where account_id = ${account_id}
    union all select t::text from triggers t where script_tag = ${script_tag}
    union all select k::text from build_tokens k where account_id = ${account_id}
    union all select r::text from repo_connections r where account_id = ${account_id}
    union all select w::text from workers w where account_id = ${account_id}
    union all select h::text from deploy_hooks h where account_id = ${account_id}
    union all select v::text from environment_variables v where trigger_uuid = ${trigger_uuid}
    order by 1`
  return rows.map(({ row }) => row)
}
