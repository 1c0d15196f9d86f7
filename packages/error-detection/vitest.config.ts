import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'error-detection',
    environment: 'node',
    // The masking tests try thousands of lines, and the machine may be busy.
    testTimeout: 120_000,
    include: ['src/**/*.spec.ts', 'scripts/**/*.spec.ts', 'catalogues/**/*.spec.ts'],
  },
})
