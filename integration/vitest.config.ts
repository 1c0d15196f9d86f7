import { defineProject } from 'vitest/config'

// Each file starts the whole system and runs real builds.
export default defineProject({
  test: { name: 'integration', fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 },
})
