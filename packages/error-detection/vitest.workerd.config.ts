import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { defineConfig } from 'vitest/config'

/** The tests that need no file system, once more in workerd: the engine must run there as well. */
export default defineConfig({
  plugins: [cloudflareTest({ miniflare: { compatibilityDate: '2026-08-04' } })],
  test: {
    name: 'error-detection in workerd',
    include: ['src/{published,detector,cluster,explain}.spec.ts'],
    testTimeout: 60_000,
  },
})
