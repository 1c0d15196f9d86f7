/** What a hostile build reaches that runs on a host: docs/isolation.md, "root on Linux". */
import { test } from 'vitest'
import { useGatedStack } from './support/gated-stack.ts'
import { describeHostileBuilds } from './support/hostile-build.ts'

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
if (isRoot) {
  describeHostileBuilds(useGatedStack('isolation'), {
    reachable: ['services at 127.0.0.1', 'the database'],
    machine: async () => [],
  })
} else test.skip('what builds reach on a host: only root on Linux keeps them apart', () => {})
