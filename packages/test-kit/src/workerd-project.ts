import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { defineProject } from 'vitest/config'
import type {} from './databases.global-setup.ts'

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

type Options = {
  /** Also the name of the project's database. */
  name: 'client' | 'build-management' | 'build-errors'
  /** The Worker's wrangler.toml, from the repository's root. */
  configPath: string
  /** Secrets and other bindings that its configuration does not give. */
  bindings?: Record<string, string>
  /** Starts what its tests need outside of workerd: a module, from the repository's root. */
  globalSetup?: string
  /** Workers that its bindings lead to. */
  workers?: { name: string; script: string; durableObjects?: Record<string, string> }[]
}

/** The suite of one Worker: its own tests, run in workerd, on a database of their own. */
export function workerdProject({
  name,
  configPath,
  bindings = {},
  globalSetup,
  workers = [],
}: Options) {
  return defineProject({
    plugins: [
      cloudflareTest(({ inject }) => ({
        wrangler: { configPath: fromRoot(configPath) },
        miniflare: {
          bindings,
          hyperdrives: { HYPERDRIVE: inject('databaseUrls')[name] },
          workers: workers.map((worker) => ({
            ...worker,
            modules: true,
            compatibilityDate: '2026-10-01',
          })),
        },
      })),
    ],
    resolve: {
      alias: { postgres: fromRoot('packages/store/node_modules/postgres/src/index.js') },
    },
    // The files share one database. However slow the machine, a test has time.
    test: {
      name,
      fileParallelism: false,
      testTimeout: 60_000,
      ...(globalSetup && { globalSetup: fromRoot(globalSetup) }),
    },
  })
}
