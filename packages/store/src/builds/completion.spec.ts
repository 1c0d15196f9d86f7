import { BuildOutcome, FailureReason, isCompleteBuild, Step } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'

const { store, sql, createBuild, clear } = useDatabase()

type Started = {
  outcome: string | null
  reason?: string
  steps: string[]
  status?: string
  overdue?: boolean
  started_on?: Date
}

const NOON = new Date('2026-03-04T12:00:00Z')

async function started({ outcome, reason, steps, started_on = NOON, overdue = false }: Started) {
  const { build } = await createBuild()
  const { build_id } = build
  await sql`
    update builds set claimed_on = ${started_on}, initializing_on = ${started_on},
      status = ${outcome === null ? 'running' : 'stopped'}, build_outcome = ${outcome},
      failure_reason = ${reason ?? null},
      skip_reason = ${outcome === 'skipped' ? 'superseded' : null},
      stopped_on = ${outcome === null ? null : started_on},
      overdue_on = ${overdue ? started_on : null}
    where build_id = ${build_id}`
  for (const step of steps) {
    await sql`insert into build_steps ${sql({ build_id, step, started_on })}`
  }
}

const select = (options: Partial<{ from: Date; to: Date; interval: 'hour' | 'day' }> = {}) =>
  store.builds.selectCompletion({
    from: new Date('2026-03-01T00:00:00Z'),
    to: new Date('2026-04-01T00:00:00Z'),
    interval: 'day',
    ...options,
  })

const INSTALLED = ['initializing', 'cloning', 'installing'] satisfies Step[]

test.each<[string, Started, boolean]>([
  ['a success', { outcome: 'success', steps: [...INSTALLED, 'building', 'deploying'] }, true],
  ['a success without commands', { outcome: 'success', steps: INSTALLED }, true],
  [
    'a failing command',
    { outcome: 'fail', reason: 'build_command_failed', steps: [...INSTALLED, 'building'] },
    true,
  ],
  ['a failing install', { outcome: 'fail', reason: 'install_failed', steps: INSTALLED }, true],
  [
    'a command that took too long',
    { outcome: 'terminated', reason: 'timed_out', steps: [...INSTALLED, 'building'] },
    true,
  ],
  [
    'an install that took too long',
    { outcome: 'terminated', reason: 'timed_out', steps: INSTALLED },
    false,
  ],
  ['no container', { outcome: 'fail', reason: 'initialization_failed', steps: [] }, false],
  ['no clone', { outcome: 'fail', reason: 'clone_failed', steps: ['cloning'] }, false],
  [
    'a container that died under a command',
    { outcome: 'terminated', reason: 'health_check_failed', steps: [...INSTALLED, 'building'] },
    false,
  ],
  [
    'an error of ours',
    { outcome: 'fail', reason: 'internal_error', steps: [...INSTALLED, 'building'] },
    false,
  ],
  [
    'a stop that was never recorded',
    { outcome: null, steps: [...INSTALLED, 'building'], overdue: true },
    false,
  ],
])('%s', async (_, build, is_complete) => {
  await started(build)
  expect(await select()).toMatchObject([{ is_complete, build_count: 1 }])
})

test('what was skipped or cancelled, and what is under way, does not count', async () => {
  await started({ outcome: 'skipped', steps: [] })
  await started({ outcome: 'cancelled', steps: INSTALLED })
  await started({ outcome: null, steps: INSTALLED })
  await createBuild()
  expect(await select()).toEqual([])
})

test('builds are counted in the period of UTC in which they were started', async () => {
  const success = { outcome: 'success', steps: INSTALLED }
  await started({ ...success, started_on: new Date('2026-03-04T23:59:59Z') })
  await started({ ...success, started_on: new Date('2026-03-04T00:00:00Z') })
  await started({ ...success, started_on: new Date('2026-03-05T00:00:00Z') })
  const days = await select()
  expect(days.map(({ period, build_count }) => [period.toISOString(), build_count])).toEqual([
    ['2026-03-04T00:00:00.000Z', 2],
    ['2026-03-05T00:00:00.000Z', 1],
  ])
  expect(await select({ interval: 'hour' })).toHaveLength(3)
  expect(await select({ to: new Date('2026-03-05T00:00:00Z') })).toHaveLength(1)
})

test('every stopped build is judged as isCompleteBuild judges it', async () => {
  const outcomes = BuildOutcome.options.flatMap((build_outcome) =>
    (build_outcome === 'fail' || build_outcome === 'terminated'
      ? FailureReason.options
      : [null]
    ).map((failure_reason) => ({ build_outcome, failure_reason })),
  )
  // Steps follow each other; commands may be left out.
  const prefixes = Step.options.map((_, count) => Step.options.slice(0, count))
  const taken = [...prefixes, Step.options, [...INSTALLED, 'deploying' as const]]
  const expected = { complete: 0, incomplete: 0 }
  for (const { build_outcome, failure_reason } of outcomes) {
    const [complete, incomplete] = [true, false].map((judged) =>
      taken.filter((steps) => isCompleteBuild({ build_outcome, failure_reason, steps }) === judged),
    )
    for (const steps of taken) {
      const reason = failure_reason === null ? {} : { reason: failure_reason }
      await started({ outcome: build_outcome, ...reason, steps })
    }
    const rows = await select()
    const count = (is_complete: boolean) =>
      rows.find((row) => row.is_complete === is_complete)?.build_count ?? 0
    expect([count(true), count(false)], `${build_outcome} ${failure_reason}`).toEqual([
      complete?.length,
      incomplete?.length,
    ])
    expected.complete += complete?.length ?? 0
    expected.incomplete += incomplete?.length ?? 0
    await clear()
  }
  expect(expected.complete).toBeGreaterThan(0)
  expect(expected.incomplete).toBeGreaterThan(0)
})
