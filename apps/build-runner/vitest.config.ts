import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'build-runner',
    globalSetup: 'src/testing/runner.global-setup.ts',
    // Tests that run side by side in one file mostly wait; what they wait for needs a processor.
    maxConcurrency: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
