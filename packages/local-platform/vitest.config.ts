import { defineProject } from 'vitest/config'

export default defineProject({
  // Servers are started and killed here, on machines that may be busy.
  test: { name: 'local-platform', testTimeout: 60_000, hookTimeout: 60_000 },
})
