import { createTemporaryFolder, type TemporaryFolder } from '@workers-builds/local-platform/folders'
import { beforeAll, expect, inject, test } from 'vitest'
import type {} from '../support/bundles.global-setup.ts'
import { endAfterTests } from '../support/discard-folder.ts'
import { planBuilds, planFaults, planRepeats } from './plan.ts'
import { runChaos } from './run-chaos.ts'

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await createTemporaryFolder('chaos')
})
endAfterTests(async () => folder)

test('a seed stands for one plan', () => {
  const first = <Planned>(plan: Generator<Planned, never>) =>
    Array.from({ length: 50 }, () => plan.next().value)
  const faults = (seed: number) => [first(planFaults({ seed })), first(planRepeats({ seed }))]
  expect(planBuilds({ seed: 1, builds: 50 })).toEqual(planBuilds({ seed: 1, builds: 50 }))
  expect(faults(1)).toEqual(faults(1))
  expect(planBuilds({ seed: 2, builds: 50 })).not.toEqual(planBuilds({ seed: 1, builds: 50 }))
  expect(faults(2)).not.toEqual(faults(1))
})

test('whatever is killed, every build ends as it should and no line is lost', async () => {
  const { result, complaints } = await runChaos({
    dir: folder.path,
    seed: 1,
    builds: 14,
    hurry: true,
    // A build whose container was killed with its host or its runner is ended soon.
    patience: { healthCheckMs: 1_000, missingGraceMs: 5_000 },
    bundles: inject('workerBundles'),
  })
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
  const sum = (counts: object) => Object.values(counts).reduce((all, count) => all + count, 0)
  expect(sum(result.faults)).toBeGreaterThan(2)
  expect(sum(result.repeated_webhooks)).toBeGreaterThan(2)
}, 600_000)
