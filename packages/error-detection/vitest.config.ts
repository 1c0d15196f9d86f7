import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'error-detection',
    environment: 'node',
    include: ['src/**/*.spec.ts', 'recipes/**/*.spec.ts'],
  },
})
