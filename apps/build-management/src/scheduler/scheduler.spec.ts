import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'
import { getBuildBuddy, getScheduler } from '../stubs.ts'
import { useBuildManagement } from '../testing/build-management-harness.ts'
import { endOverdueBuilds } from './end-overdue-builds.ts'

const h = useBuildManagement()

const isStarted = async (build_id: number) => {
  const { lines } = await getBuildBuddy(env, build_id).getLogs({})
  const alarm = await runInDurableObject(getBuildBuddy(env, build_id), (_, state) =>
    state.storage.getAlarm(),
  )
  return lines.length > 0 || alarm !== null
}

test('a pass hands a queued build to its BuildBuddy, once', async () => {
  const { build } = await h.createBuild()
  await h.runSchedulerPass()
  const claimed = await h.selectBuild(build)
  expect(claimed?.claimed_on).not.toBeNull()
  expect(await isStarted(build.build_id)).toBe(true)
  await h.runSchedulerPass()
  expect((await h.selectBuild(build))?.claimed_on).toEqual(claimed?.claimed_on)
})

test('a build whose row cannot be read keeps no other from starting', async () => {
  const { build: broken } = await h.createBuild()
  const { build } = await h.createBuild()
  await h.sql`update builds set settings = '{}' where build_id = ${broken.build_id}`
  await h.runSchedulerPass()
  expect(await isStarted(build.build_id)).toBe(true)
})

test('builds of a deleted Worker are skipped, and no BuildBuddy is woken for them', async () => {
  const { build } = await h.createBuild()
  await h.sql`update workers set deleted_on = now()`
  await h.runSchedulerPass()
  expect(await h.selectBuild(build)).toMatchObject({ build_outcome: 'skipped' })
  expect(await isStarted(build.build_id)).toBe(false)
})

test('wake() has a build started without waiting for the alarm', async () => {
  const { build } = await h.createBuild()
  const scheduler = getScheduler(env)
  const inAMinute = Date.now() + 60_000
  await runInDurableObject(scheduler, (_, state) => state.storage.setAlarm(inAMinute))
  await scheduler.wake()
  await vi.waitFor(async () => expect(await isStarted(build.build_id)).toBe(true), 30_000)
  const alarm = await runInDurableObject(scheduler, (_, state) => state.storage.getAlarm())
  expect(alarm).toBe(inAMinute)
})

test('wake() arms the alarm where there is none, and the alarm the next one', async () => {
  const scheduler = getScheduler(env)
  expect(await runDurableObjectAlarm(scheduler)).toBe(false)
  await scheduler.wake()
  await runDurableObjectAlarm(scheduler)
  const next = await runInDurableObject(scheduler, (_, state) => state.storage.getAlarm())
  expect(next).toEqual(expect.any(Number))
})

describe('a build that is overdue', () => {
  test('is ended by its BuildBuddy, though that has forgotten it', async () => {
    const { build } = await h.createBuild()
    await h.sql`update builds set status = 'running', claimed_on = now(), overdue_on = now()`
    await h.runSchedulerPass()
    await runDurableObjectAlarm(getBuildBuddy(env, build.build_id))
    expect(await h.selectBuild(build)).toMatchObject({ failure_reason: 'internal_error' })
  })

  test('is ended in Postgres when its BuildBuddy fails again and again', async () => {
    const { build } = await h.createBuild()
    await h.sql`update builds set status = 'running', claimed_on = now()`
    for (let ask = 1; ask <= 5; ask++) {
      expect((await h.selectBuild(build))?.status).toBe('running')
      await h.sql`update builds set overdue_on = now()`
      const endOverdue = () => Promise.reject(new Error('this object cannot be started'))
      await endOverdueBuilds({ store: h.store, endOverdue })
    }
    expect(await h.selectBuild(build)).toMatchObject({
      build_outcome: 'fail',
      failure_reason: 'internal_error',
    })
  })
})

test('a failed build that was not scanned is queued again', async () => {
  const { build } = await h.createFailedBuild()
  await h.sql`update builds set scan_due_on = now()`
  await h.runSchedulerPass()
  const [row] = await h.sql<{ later: boolean }[]>`
    select scan_due_on > now() + interval '1 minute' as later from builds
    where build_id = ${build.build_id}`
  expect(row?.later).toBe(true)
})

test('errors that changed in hours gone by are counted again', async () => {
  await h.sql`insert into error_marks (hour, marked_on)
    values (hour_of(now()) - 30, now() - interval '1 minute')`
  await h.runSchedulerPass()
  expect([...(await h.sql`select hour from error_marks`)]).toEqual([])
})
