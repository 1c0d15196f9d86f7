import { defineConfig } from 'vitest/config'

/** Every suite of the monorepo; `pnpm test` runs them all. */
export default defineConfig({
  test: {
    projects: [
      'packages/*/vitest.config.ts',
      'packages/*/vitest.workerd.config.ts',
      'apps/*/vitest.config.ts',
      'integration/vitest.config.ts',
    ],
    globalSetup: ['packages/test-kit/src/databases.global-setup.ts'],
  },
})
