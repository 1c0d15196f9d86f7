import { configDefaults, defineProject } from 'vitest/config'

// Each file starts a whole system of its own, and waits for it most of the time: for a build that
// runs, or for a limit to be reached.
export default defineProject({
  test: {
    name: 'integration',
    exclude: [...configDefaults.exclude, 'shared/**', 'containers/**'],
    globalSetup: ['@workers-builds/test-kit/databases', './support/bundles.global-setup.ts'],
    // Tests that run side by side in one file mostly wait; their builds have to have a processor.
    maxConcurrency: 3,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
