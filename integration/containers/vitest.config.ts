import { defineProject } from 'vitest/config'

/** Systems whose builds run in real containers; skipped where no container engine answers. */
export default defineProject({
  test: {
    name: 'integration-containers',
    globalSetup: [
      '@workers-builds/test-kit/databases',
      '../support/bundles.global-setup.ts',
      '../support/container-images.global-setup.ts',
    ],
    maxConcurrency: 3,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
