import { expect, test } from 'vitest'
import { planBuilds, planFaults } from './plan.ts'
import { runChaos } from './run-chaos.ts'

test('a seed stands for one plan', () => {
  const faults = (seed: number) => {
    const plan = planFaults({ seed })
    return Array.from({ length: 50 }, () => plan.next().value)
  }
  expect(planBuilds({ seed: 1, builds: 50 })).toEqual(planBuilds({ seed: 1, builds: 50 }))
  expect(faults(1)).toEqual(faults(1))
  expect(planBuilds({ seed: 2, builds: 50 })).not.toEqual(planBuilds({ seed: 1, builds: 50 }))
  expect(faults(2)).not.toEqual(faults(1))
})

test('whatever is killed, every build ends as it should and no line is lost', async () => {
  const { result, complaints } = await runChaos({ seed: 1, builds: 14, hurry: true })
  expect(complaints).toEqual([])
  expect(result).toMatchObject({
    builds: 14,
    lost_lines: 0,
    repeated_lines: 0,
    stuck_builds: 0,
    duplicate_errors: 0,
    unscanned_failures: 0,
    wrong_outcomes: 0,
  })
  expect(Object.values(result.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2)
}, 600_000)
