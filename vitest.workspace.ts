import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// One more than there are processors: a suite waits for what it started as often as it computes.
process.env['VITEST_MAX_WORKERS'] ??= String(availableParallelism() + 1)

/** Every suite of the monorepo; `pnpm test` runs them all. */
export default defineConfig({
  test: {
    projects: [
      'packages/*/vitest.config.ts',
      'packages/*/vitest.workerd.config.ts',
      'apps/*/vitest.config.ts',
      'apps/*/vitest.node.config.ts',
      'integration/vitest.config.ts',
      'integration/shared/vitest.config.ts',
    ],
  },
})
