import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { defineProject } from 'vitest/config'

/** In workerd, where it runs: its keys, signatures and requests are that runtime's. */
export default defineProject({
  plugins: [cloudflareTest({ miniflare: { compatibilityDate: '2026-10-01' } })],
  test: { name: 'git-providers' },
})
