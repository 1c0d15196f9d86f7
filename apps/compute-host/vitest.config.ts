import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: 'compute-host', testTimeout: 120_000, hookTimeout: 120_000 },
})
