import type { DetectedError } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { useDatabase } from './testing/database.ts'

const harness = useDatabase()
const { store, sql } = harness

const error = (error_group: string): DetectedError => ({
  error_code: 'npm_error',
  error_group,
  cause: 'lockfile_out_of_sync',
  fault: 'user',
  step: 'installing',
  line: 7,
  confidence: 0.9,
  title: 'not stored',
})

const scan = (build_id: number, groups: string[], detector_version = 1) => ({
  build_id,
  outcome: groups.length > 0 ? ('detected' as const) : ('no_match' as const),
  detector_version,
  lines_read: 10,
  errors: groups.map(error),
})

async function groupsOf(build_id: number) {
  const errors = await store.buildErrors.selectByBuild(build_id)
  return errors.map((found) => found.error_group)
}

test('a scan that is repeated leaves each error once', async () => {
  const { build } = await harness.createFailedBuild()
  for (let i = 0; i < 3; i++) {
    await store.buildErrorScans.replace([scan(build.build_id, ['a', 'b', 'a'])])
  }
  expect(await groupsOf(build.build_id)).toEqual(['a', 'b'])
  expect(await store.buildErrorScans.select(build.build_id)).toMatchObject({
    outcome: 'detected',
    attempts: 3,
  })
})

test('a later scan replaces what an earlier one found', async () => {
  const { build } = await harness.createFailedBuild()
  await store.buildErrorScans.replace([scan(build.build_id, ['a'])])
  await store.buildErrorScans.replace([scan(build.build_id, [])])
  expect(await groupsOf(build.build_id)).toEqual([])
  expect(await store.buildErrorScans.select(build.build_id)).toMatchObject({ outcome: 'no_match' })
})

test('a scan of an older detector says that somebody looked, and changes nothing else', async () => {
  const { build } = await harness.createFailedBuild()
  await store.buildErrorScans.replace([scan(build.build_id, ['new'], 2)])
  const before = await store.buildErrorScans.select(build.build_id)
  await store.buildErrorScans.replace([scan(build.build_id, [], 1)])
  expect(await groupsOf(build.build_id)).toEqual(['new'])
  const after = await store.buildErrorScans.select(build.build_id)
  expect(after).toEqual({ ...before, attempts: 2, scanned_on: expect.any(Date) })
  expect(after?.scanned_on.getTime()).toBeGreaterThan(before?.scanned_on.getTime() ?? Infinity)
})

test('a re-scan rewrites only the errors that changed', async () => {
  const { build } = await harness.createFailedBuild()
  const versions = () => sql<{ error_group: string; xmin: string }[]>`
    select error_group, xmin::text from build_errors where build_id = ${build.build_id}
    order by error_group`
  await store.buildErrorScans.replace([scan(build.build_id, ['a', 'b', 'c'])])
  const [a, , c] = await versions()
  await store.buildErrorScans.replace([scan(build.build_id, ['a', 'c', 'd'])])
  const after = await versions()
  expect(after.map((row) => row.error_group)).toEqual(['a', 'c', 'd'])
  expect(after[0]).toEqual(a)
  // It moved up where b was.
  expect(after[1]?.xmin).not.toBe(c?.xmin)
})

test('batches with the same builds in other orders do not deadlock', async () => {
  const builds: number[] = []
  for (let i = 0; i < 20; i++) builds.push((await harness.createFailedBuild()).build.build_id)
  const batches = Array.from({ length: 12 }, () =>
    builds.toSorted(() => Math.random() - 0.5).map((build_id) => scan(build_id, ['a'])),
  )
  await Promise.all(batches.map((batch) => store.buildErrorScans.replace(batch)))
  const [rows] = await sql`select count(*) as n from build_errors`
  expect(rows?.['n']).toBe(20)
})

test('a build that is gone does not cost the others their scan', async () => {
  const { build } = await harness.createFailedBuild()
  await store.buildErrorScans.replace([scan(999_999, ['a']), scan(build.build_id, ['a'])])
  expect(await groupsOf(build.build_id)).toEqual(['a'])
})

test('a failed scan has another outcome than one that found nothing, and keeps what was found', async () => {
  const one = await harness.createFailedBuild()
  const two = await harness.createFailedBuild()
  await store.buildErrorScans.replace([scan(two.build.build_id, ['a'])])
  for (const { build } of [one, two]) {
    await store.buildErrorScans.recordFailed({ build_id: build.build_id, detector_version: 1 })
  }
  expect(await store.buildErrorScans.select(one.build.build_id)).toMatchObject({
    outcome: 'scan_failed',
  })
  expect(await store.buildErrorScans.select(two.build.build_id)).toMatchObject({
    outcome: 'detected',
    attempts: 2,
  })
  expect(await groupsOf(two.build.build_id)).toEqual(['a'])
})
