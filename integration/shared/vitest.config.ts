import { defineProject } from 'vitest/config'

/** Suites that need a whole system and leave it as it is: they share one. */
export default defineProject({
  test: {
    name: 'integration-shared',
    globalSetup: ['shared-stack.global-setup.ts'],
    sequence: { groupOrder: 1 },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
