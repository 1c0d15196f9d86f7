import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Two more than there are processors: a suite waits for what it started as often as it computes.
process.env['VITEST_MAX_WORKERS'] ??= String(availableParallelism() + 2)

// Suites start hundreds of processes of the same programs, which Node compiles once with this.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('node_modules/.cache/node', import.meta.url),
)

/** What takes longest begins first, so that a run does not end with one file that others wait for. */
const FIRST = [
  'integration-containers',
  'integration-shared',
  'integration',
  'build-management',
  'build-runner',
  'compute-host',
]

/** Files of one project come one after another: the next one finds a process that has its modules. */
class LongProjectsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project }: TestSpecification) =>
      FIRST.includes(project.name) ? FIRST.indexOf(project.name) : FIRST.length
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

/** Every suite of the monorepo; `pnpm test` runs them all. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongProjectsFirst },
    projects: [
      'packages/*/vitest.config.ts',
      'packages/*/vitest.workerd.config.ts',
      'apps/*/vitest.config.ts',
      'apps/*/vitest.node.config.ts',
      'integration/vitest.config.ts',
      'integration/shared/vitest.config.ts',
      'integration/containers/vitest.config.ts',
    ],
  },
})
