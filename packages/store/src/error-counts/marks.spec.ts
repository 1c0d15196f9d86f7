import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'

const harness = useDatabase()
const { store, sql } = harness

async function scan(build_ids: number[], groups: string[]) {
  await store.buildErrorScans.replace(
    build_ids.map((build_id) => ({
      build_id,
      outcome: 'detected',
      detector_version: 1,
      lines_read: 1,
      errors: groups.map((error_group) => ({
        error_code: 'npm_error',
        error_group,
        cause: 'lockfile_out_of_sync',
        fault: 'user',
        step: 'installing',
        line: 0,
        confidence: 1,
        title: '',
      })),
    })),
  )
}

async function takeMarks() {
  const marks = await sql<{ hour: number }[]>`delete from error_marks returning hour`
  return marks.map(({ hour }) => new Date(hour * 3_600_000).toISOString()).sort()
}

async function stoppedAt(times: string[]) {
  const build_ids = await harness.createFailedBuilds(times.length)
  for (const [index, build_id] of build_ids.entries()) {
    await sql`update builds set stopped_on = ${times[index] ?? ''} where build_id = ${build_id}`
  }
  return build_ids
}

const TIMES = ['2026-02-03T04:05:06Z', '2026-02-03T04:59:59Z', '2026-02-03T05:00:00Z']
const HOURS = ['2026-02-03T04:00:00.000Z', '2026-02-03T05:00:00.000Z']

test('whoever changes errors leaves a mark of their hours, one a statement', async () => {
  const build_ids = await stoppedAt(TIMES)
  await scan(build_ids, ['a', 'b'])
  expect(await takeMarks()).toEqual(HOURS)
  await sql`update build_errors set cause = 'module_not_found' where error_group = 'a'`
  expect(await takeMarks()).toEqual(HOURS)
  await sql`delete from build_errors where error_group = 'a'`
  expect(await takeMarks()).toEqual(HOURS)
})

test('an error that moves in time marks the hour it leaves and the one it comes to', async () => {
  const [build_id = 0] = await stoppedAt(TIMES.slice(0, 1))
  await scan([build_id], ['a'])
  await takeMarks()
  await sql`update build_errors set stopped_on = ${TIMES[2] ?? ''} where build_id = ${build_id}`
  expect(await takeMarks()).toEqual(HOURS)
})

test('the deletion of an account marks the hours of its errors', async () => {
  await scan(await stoppedAt(TIMES), ['a'])
  await takeMarks()
  await sql`delete from accounts`
  expect(new Set(await takeMarks())).toEqual(new Set(HOURS))
})
