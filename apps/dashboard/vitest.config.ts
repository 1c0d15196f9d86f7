import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { name: 'dashboard', include: ['src/**/*.spec.ts', 'docs/*.spec.ts'] },
})
