import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'store',
    globalSetup: '@workers-builds/test-kit/databases',
    // However slow the machine, a test has time.
    testTimeout: 60_000,
  },
})
