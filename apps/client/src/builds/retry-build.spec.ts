import { Build } from '@workers-builds/contracts'
import { describe, expect, test } from 'vitest'
import { useClient } from '../testing/client-harness.ts'

const client = useClient()

async function createOverBuild() {
  const { build, tenant } = await client.createFailedBuild()
  const token = await client.createToken({ accounts: [tenant.account_id] })
  const path = `/client/v4/accounts/${tenant.account_id}/builds/builds/${build.build_uuid}`
  const retry = () => client.call(`${path}/retry`, { method: 'POST', token })
  return { ...build, tenant, token, path, retry }
}

describe('a build that is over', () => {
  test('is retried as a new build of its commit, with the settings of now', async () => {
    const { build_id, build_uuid, tenant, path, token, retry } = await createOverBuild()
    const before = Build.parse((await client.call(path, { token })).result)
    await client.sql`
      update triggers set build_command = 'npm run other' where trigger_uuid = ${tenant.trigger_uuid}`
    await client.sql`
      insert into environment_variables (trigger_uuid, key, is_secret, value)
      values (${tenant.trigger_uuid}, 'NEW', false, 'yes')`
    const { status, result } = await retry()
    expect(status).toBe(201)
    const build = Build.parse(result)
    expect(build.build_uuid).not.toBe(build_uuid)
    const { branch, commit_hash, commit_message, author } = before.build_trigger_metadata
    expect(build).toMatchObject({
      status: 'queued',
      build_trigger_metadata: {
        branch,
        commit_hash,
        commit_message,
        author,
        build_trigger_source: 'retry',
        build_command: 'npm run other',
        environment_variables: { NEW: { value: 'yes' } },
      },
    })
    // The trigger is shown as it is now, the build as it was.
    const { trigger: _, ...after } = Build.parse((await client.call(path, { token })).result)
    expect(before).toMatchObject(after)
    const [row] = await client.sql`
      select retried_build_id from builds where build_uuid = ${build.build_uuid}`
    expect(row).toEqual({ retried_build_id: build_id })
  })

  test('replaces no push that waits, and is replaced by none', async () => {
    const { tenant, retry } = await createOverBuild()
    const { account_id } = tenant
    const [failed] = await client.sql<{ branch: string }[]>`
      select branch from builds where account_id = ${account_id}`
    const branch = failed?.branch ?? ''
    await client.createBuild({ tenant, branch, pushed_on: new Date() })
    await retry()
    const pushes = await client.store.builds.selectPushes({
      trigger_uuids: [tenant.trigger_uuid],
      branch,
    })
    expect(pushes).toHaveLength(1)
    const waiting = await client.sql`
      select from builds where status = 'queued' and account_id = ${account_id}`
    expect(waiting).toHaveLength(2)
  })
})

describe('a retry is refused, and says why,', () => {
  test('while the build is not over', async () => {
    const { build, tenant } = await client.createBuild()
    const token = await client.createToken({ accounts: [tenant.account_id] })
    const path = `/client/v4/accounts/${tenant.account_id}/builds/builds/${build.build_uuid}/retry`
    expect(await client.call(path, { method: 'POST', token })).toMatchObject({
      status: 409,
      errors: [{ message: expect.stringContaining('it is queued') }],
    })
  })

  test.each([
    ['its trigger was deleted', 'triggers'],
    ['its repository is not connected', 'repo_connections'],
  ])('when %s', async (why, table) => {
    const { retry } = await createOverBuild()
    await client.sql`update ${client.sql(table)} set deleted_on = now()`
    expect(await retry()).toMatchObject({
      status: 409,
      errors: [{ message: expect.stringContaining(why) }],
    })
  })

  test('to another account, and to a token that may only read', async () => {
    const [mine, other] = [await createOverBuild(), await createOverBuild()]
    const foreign = `/client/v4/accounts/${mine.tenant.account_id}/builds/builds/${other.build_uuid}`
    const { token } = mine
    const asked = await client.call(`${foreign}/retry`, { method: 'POST', token })
    expect(asked.status).toBe(404)
    const reader = await client.createToken({
      accounts: [mine.tenant.account_id],
      permission: 'read',
    })
    const read = await client.call(`${mine.path}/retry`, { method: 'POST', token: reader })
    expect(read.status).toBe(403)
  })
})
