import { defineProject } from 'vitest/config'

/** Suites that need a whole system and leave it as it is: they share one. */
export default defineProject({
  test: {
    name: 'integration-shared',
    globalSetup: ['../support/bundles.global-setup.ts', 'shared-stack.global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
