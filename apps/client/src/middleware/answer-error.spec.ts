import { env } from 'cloudflare:workers'
import { connect } from '@workers-builds/store'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()
const other = connect(env.HYPERDRIVE.connectionString, { max: 1 })
afterAll(() => other.end())

/** The process of the server that waits for a lock which `pid` holds. */
async function waitingFor(pid: number): Promise<number> {
  for (;;) {
    const [waiting] = await client.sql<{ pid: number }[]>`
      select pid from pg_stat_activity where ${pid}::integer = any(pg_blocking_pids(pid))`
    if (waiting) return waiting.pid
  }
}

test('a request that Postgres gives up is answered with 503, to be tried again, and has changed nothing', async () => {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const path = `/client/v4/accounts/${tenant.account_id}/builds/triggers/${tenant.trigger_uuid}`
  const answer = await other.begin(async (tx) => {
    const [own] = await tx<{ pid: number }[]>`
      select pg_backend_pid() as pid from triggers where trigger_uuid = ${tenant.trigger_uuid}
      for update`
    const asked = client.call(path, {
      method: 'PATCH',
      token,
      body: JSON.stringify({ trigger_name: 'renamed' }),
    })
    await client.sql`select pg_cancel_backend(${await waitingFor(own?.pid ?? 0)})`
    return await asked
  })
  expect(answer).toMatchObject({ status: 503, errors: [{ code: 10001 }] })
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(JSON.stringify(answer.errors)).not.toMatch(/cancel|statement/)
  const [trigger] = await client.sql`
    select trigger_name from triggers where trigger_uuid = ${tenant.trigger_uuid}`
  expect(trigger?.['trigger_name']).not.toBe('renamed')
})

test.each(['53300', '57P03', '58000'])('%s says that the database is away', async (code) => {
  const tenant = await client.createTenant()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  await client.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'no connection' using errcode = '${code}'; end $$;
    create trigger refuse before update on triggers execute function refuse()`)
  onTestFinished(async () => {
    await client.sql`drop function refuse cascade`
  })
  const answer = await client.call(
    `/client/v4/accounts/${tenant.account_id}/builds/triggers/${tenant.trigger_uuid}`,
    { method: 'PATCH', token, body: JSON.stringify({ trigger_name: 'renamed' }) },
  )
  expect(answer).toMatchObject({ status: 503, errors: [{ code: 10001 }] })
  expect(answer.headers.get('retry-after')).toBe('5')
})
