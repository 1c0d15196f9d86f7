import { defineProject } from 'vitest/config'

// Each file starts a whole system of its own, and waits for it most of the time: for a build that
// runs, or for a limit to be reached.
export default defineProject({
  test: {
    name: 'integration',
    sequence: { groupOrder: 1 },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
