import { fileURLToPath } from 'node:url'
import { cloudflarePool, cloudflareTest } from '@cloudflare/vitest-pool-workers'
import { defineProject } from 'vitest/config'
import type { Vite } from 'vitest/node'
import { copyDatabase } from './database-copy.ts'
import type {} from './provided.ts'

type WorkersPoolOptions = Exclude<
  Parameters<typeof cloudflarePool>[0],
  (...args: never[]) => unknown
>

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

type Options = {
  name: string
  /** The Worker's wrangler.toml, from the repository's root. */
  configPath: string
  /** Secrets and other bindings that its configuration does not give. */
  bindings?: Record<string, string | Record<string, number>>
  /** Starts what its tests need outside of workerd: a module, from the repository's root. */
  globalSetup?: string
  /** Workers that its bindings lead to. */
  workers?: { name: string; script: string; durableObjects?: Record<string, string> }[]
}

/**
 * The suite of one Worker: its specs run in workerd, on a database of their own. Files that run one
 * after another share both, as requests share an isolate: a start costs more than most files do.
 */
export function workerdProject({
  name,
  configPath,
  bindings = {},
  globalSetup,
  workers = [],
}: Options) {
  const optionsOn = (database: URL): WorkersPoolOptions => ({
    wrangler: { configPath: fromRoot(configPath) },
    miniflare: {
      bindings,
      hyperdrives: { HYPERDRIVE: database.href },
      workers: workers.map((worker) => ({
        ...worker,
        modules: true,
        compatibilityDate: '2026-10-01',
      })),
    },
  })
  return defineProject({
    plugins: [cloudflareTest({}), databasePerWorkerd(optionsOn)],
    resolve: {
      alias: { postgres: fromRoot('packages/store/node_modules/postgres/src/index.js') },
    },
    test: {
      name,
      include: ['src/**/*.spec.ts'],
      // However slow the machine, a test has time.
      testTimeout: 60_000,
      globalSetup: [
        fromRoot('packages/test-kit/src/databases.global-setup.ts'),
        ...(globalSetup === undefined ? [] : [fromRoot(globalSetup)]),
      ],
    },
  })
}

/** Each workerd starts on a new copy of the database; the copies go with the run's server. */
function databasePerWorkerd(optionsOn: (database: URL) => WorkersPoolOptions): Vite.Plugin {
  const poolRunner = cloudflarePool(async ({ inject }) => {
    const { databaseUrl } = await copyDatabase(inject('templateUrl'))
    // Workers reach the database through Hyperdrive.
    return optionsOn(Object.assign(new URL(databaseUrl), { host: inject('hyperdriveHost') }))
  })
  return {
    name: 'database-per-workerd',
    configureVitest({ project }) {
      project.config.poolRunner = poolRunner
    },
  }
}
