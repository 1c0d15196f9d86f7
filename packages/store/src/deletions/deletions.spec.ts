import { describe, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import type { Tenant } from '../testing/harness.ts'

const harness = useDatabase()
const { store, sql } = harness

/** Every row of every table, as text; but marks, which say of an hour that errors changed, not whose. */
async function everyRow(): Promise<string[]> {
  const tables = await sql<{ table_name: string }[]>`
    select table_name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'error_marks'`
  const rows: string[] = []
  for (const { table_name } of tables) {
    const found = await sql<{ row: string }[]>`select t::text as row from ${sql(table_name)} t`
    rows.push(...found.map(({ row }) => `${table_name}: ${row}`))
  }
  return rows.sort()
}

/** A tenant with something in every table that an account has part in. */
async function plant(tenant?: Tenant) {
  const owner = tenant ?? (await harness.createTenant())
  const { account_id, trigger_uuid, repo_connection_uuid } = owner
  const token = await harness.createToken({ accounts: [account_id] })
  const variables = [
    { trigger_uuid, key: 'PLAIN', is_secret: false, value: 'planted', value_sealed: null },
    { trigger_uuid, key: 'SECRET', is_secret: true, value: null, value_sealed: 'v1.planted.' },
  ]
  await sql`insert into environment_variables ${sql(variables)}`
  const { build } = await harness.createFailedBuild({ tenant: owner })
  await harness.createBuild({ tenant: owner })
  const [delivery] = await sql`
    insert into webhook_deliveries ${sql({
      repo_connection_uuid,
      delivery_id: crypto.randomUUID(),
      body_sha256: crypto.getRandomValues(new Uint8Array(32)),
      event: 'push',
    })} returning webhook_delivery_id`
  await sql`
    update builds set claimed_on = now(),
      webhook_delivery_id = ${delivery?.['webhook_delivery_id']}
    where build_id = ${build.build_id}`
  await sql`
    insert into build_steps ${sql({ build_id: build.build_id, step: 'building', started_on: new Date() })}`
  await store.buildErrorScans.replace([
    {
      build_id: build.build_id,
      outcome: 'detected',
      detector_version: 1,
      lines_read: 3,
      errors: [
        {
          error_code: 'npm_error',
          error_group: 'planted group',
          cause: 'exit_code',
          fault: 'user',
          step: 'building',
          line: 1,
          confidence: 1,
          title: 'not stored',
        },
      ],
    },
  ])
  return { ...owner, token, build }
}

/** Works off all that is asked for, as Scheduler does where every BuildBuddy is erased at once. */
async function workOff() {
  const builds = await store.deletions.selectBuilds({ after: 0, limit: 100 })
  await store.deletions.deleteBuilds(builds.map((build) => build.build_id))
  return await store.deletions.finish()
}

async function tokenHash(token: string) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)))
}

describe('an account', () => {
  test('leaves no row, and every row of other accounts', async () => {
    await plant()
    const others = await everyRow()
    const { account_id } = await plant()
    expect((await everyRow()).length).toBeGreaterThan(others.length + 10)
    const deletion = await store.deletions.requestAccount({ account_id })
    expect(deletion).toMatchObject({ account_id, script_tag: null, builds_left: 2 })
    expect(await workOff()).toEqual({ left: 0 })
    expect(await everyRow()).toEqual(others)
    expect(await store.deletions.requestAccount({ account_id })).toBeUndefined()
  })

  test('has no secret and no access from the moment it is asked for', async () => {
    const { account_id, token, repo_connection_uuid } = await plant()
    await store.deletions.requestAccount({ account_id })
    expect(await store.apiTokens.selectCaller(await tokenHash(token))).toBeUndefined()
    expect(await store.repoConnections.selectWebhookSecret(repo_connection_uuid)).toBeUndefined()
    const text = (await everyRow()).join('\n')
    expect(text).not.toContain('v1.')
    expect(text).not.toContain('PLAIN')
  })

  test('is taken out of the tokens and the backfills that name others too', async () => {
    const [mine, other] = [await plant(), await plant()]
    const accounts = [mine.account_id, other.account_id]
    const token = await harness.createToken({ accounts })
    await sql`
      insert into backfills ${sql({
        min_build_id: 0,
        max_build_id: 1,
        account_ids: sql.json(accounts),
      })}`
    await store.deletions.requestAccount(mine)
    await workOff()
    const caller = await store.apiTokens.selectCaller(await tokenHash(token))
    expect(caller?.accounts).toEqual([{ account_id: other.account_id, permission: 'write' }])
    expect((await store.backfills.selectAll({ limit: 1 }))[0]?.account_ids).toEqual([
      other.account_id,
    ])
    expect((await everyRow()).join('\n')).not.toContain(mine.account_id)
  })
})

describe('a Worker', () => {
  test('leaves no row of its own; the account and its tokens stay', async () => {
    const tenant = await plant()
    await store.deletions.requestWorker(tenant)
    expect(await workOff()).toEqual({ left: 0 })
    const tables = new Set((await everyRow()).map((row) => row.split(':')[0]))
    expect([...tables].sort()).toEqual([
      'accounts',
      'api_token_accounts',
      'api_tokens',
      'build_tokens',
      'schema_migrations',
    ])
  })

  test('leaves the repository connection that another Worker is built from', async () => {
    const tenant = await plant()
    const script_tag = 'f'.repeat(32)
    await sql`
      insert into workers ${sql({ script_tag, account_id: tenant.account_id, script_name: 'other' })}`
    const [trigger] = await sql`
      insert into triggers (script_tag, repo_connection_uuid, build_token_uuid, trigger_name,
        build_command, deploy_command)
      select ${script_tag}, repo_connection_uuid, build_token_uuid, 'other', '', '' from triggers
      returning trigger_uuid`
    await store.deletions.requestWorker(tenant)
    await workOff()
    const triggers = await store.triggers.lockForPush(tenant.repo_connection_uuid)
    expect(triggers.map((found) => found.trigger_uuid)).toEqual([trigger?.['trigger_uuid']])
  })

  test('takes no push from the moment it is asked for', async () => {
    const tenant = await plant()
    await store.deletions.requestWorker(tenant)
    expect(await store.triggers.lockForPush(tenant.repo_connection_uuid)).toEqual([])
  })

  test('stays until its last build is gone, and shows how many remain', async () => {
    const tenant = await plant()
    expect(await store.deletions.finish()).toEqual({ left: 0 })
    await store.deletions.requestWorker(tenant)
    const [first] = await store.deletions.selectBuilds({ after: 0, limit: 1 })
    await store.deletions.deleteBuilds([first?.build_id ?? 0])
    expect(await store.deletions.finish()).toEqual({ left: 1 })
    expect(await store.deletions.requestWorker(tenant)).toMatchObject({ builds_left: 1 })
  })

  test('of another account cannot be asked for', async () => {
    const [mine, other] = [await plant(), await plant()]
    const { script_tag } = other
    const foreign = { account_id: mine.account_id, script_tag }
    expect(await store.deletions.requestWorker(foreign)).toBeUndefined()
    expect(await store.deletions.selectBuilds({ after: 0, limit: 10 })).toEqual([])
  })
})

test('a push and a deletion at the same moment neither deadlock nor leave a build behind', async () => {
  for (let round = 0; round < 20; round++) {
    const tenant = await harness.createTenant()
    const push = store.transaction(async (tx) => {
      for (const trigger of await tx.triggers.lockForPush(tenant.repo_connection_uuid)) {
        await tx.builds.insert({
          account_id: tenant.account_id,
          script_tag: tenant.script_tag,
          trigger_uuid: trigger.trigger_uuid,
          settings: tenant.settings,
          author: 'a',
          webhook_delivery_id: null,
          build_trigger_source: 'push_event',
          branch: 'main',
          commit_hash: 'a'.repeat(40),
          commit_message: 'm',
          push_before: null,
          pushed_on: null,
        })
      }
    })
    const erase = store.deletions.requestWorker(tenant).then(() => store.deletions.finish())
    await Promise.all([push, erase])
    await workOff()
    expect(await sql`select from builds`).toHaveLength(0)
    expect(await sql`select from workers`).toHaveLength(0)
  }
})

/**
 * A table that names what belongs to an account hangs on it, so that it goes with it. Where a column
 * of such a name is no reference, say here how its rows go.
 */
const NO_REFERENCES = [
  // A copy; the row hangs on its build.
  'build_errors.account_id',
  // Of the user's own making.
  'build_tokens.cloudflare_token_id',
]

test('every column that names something of an account is a reference that cascades', async () => {
  const columns = await sql<{ name: string }[]>`
    select c.table_name || '.' || c.column_name as name
    from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
      and c.column_name in ('account_id', 'script_tag', 'build_id', 'trigger_uuid',
        'repo_connection_uuid', 'api_token_uuid')
      and not exists (
        select from pg_constraint k
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
        where k.conrelid = (quote_ident(c.table_name))::regclass and a.attname = c.column_name
          and (k.contype = 'p' and array_length(k.conkey, 1) = 1
            or k.contype = 'f' and k.confdeltype in ('c', 'n')))`
  expect(columns.map(({ name }) => name).filter((name) => !NO_REFERENCES.includes(name))).toEqual(
    [],
  )
})

test('builds are deleted while others scan them again, and nobody deadlocks', async () => {
  const scan = (build_id: number) => ({
    build_id,
    outcome: 'no_match' as const,
    detector_version: 1,
    lines_read: 3,
    errors: [],
  })
  const shuffled = <Item>(items: Item[]) => items.toSorted(() => Math.random() - 0.5)
  for (let round = 0; round < 5; round++) {
    const build_ids = await harness.createFailedBuilds(100)
    // Half have a scan; all are due, so that a scan writes the build's row, too.
    await store.buildErrorScans.replace(build_ids.slice(50).map(scan))
    await sql`update builds set scan_due_on = now()`
    await Promise.all([
      store.deletions.deleteBuilds(shuffled(build_ids)),
      store.buildErrorScans.replace(shuffled(build_ids).map(scan)),
      ...shuffled(build_ids).map((build_id) =>
        store.buildErrorScans.recordFailed({ build_id, detector_version: 1 }),
      ),
      store.buildErrorScans.replace(shuffled(build_ids).map(scan)),
    ])
    expect(await sql`select build_id from builds where build_id in ${sql(build_ids)}`).toEqual([])
  }
})
