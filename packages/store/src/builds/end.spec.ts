import { glob, readFile } from 'node:fs/promises'
import { BuildStatus } from '@workers-builds/contracts'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'

const harness = useDatabase()
const { store, sql } = harness

const ROOT = new URL('../../../../', import.meta.url)

/** Statements that change the status of builds, by what they change it to. */
async function statusWriters(): Promise<string[]> {
  const writers: string[] = []
  const files = glob(['apps/*/src/**/*.ts', 'packages/*/src/**/*.ts', 'packages/store/sql/*.sql'], {
    cwd: ROOT.pathname,
    exclude: (path) => path.includes('node_modules'),
  })
  for await (const file of files) {
    if (file.endsWith('.spec.ts')) continue
    const text = await readFile(new URL(file, ROOT), 'utf8')
    const statements = text.matchAll(/update builds\b(?:(?!\bwhere\b)[^`])*?\bstatus = (\S+?),/g)
    for (const [, status] of statements) writers.push(`${file}: ${status}`)
  }
  return writers.sort()
}

test('builds end in one statement, and move on in one other', async () => {
  expect(await statusWriters()).toEqual([
    "packages/store/src/builds/end.ts: 'stopped'",
    'packages/store/src/builds/save-state.ts: ${status}',
  ])
})

/** All ways in which Postgres ends a build without its BuildBuddy, and how the build is then. */
const ENDINGS = {
  cancelQueued: {
    end: (build) => store.builds.cancelQueued(build.build_id),
    ending: { build_outcome: 'cancelled', failure_reason: null, skip_reason: null },
  },
  supersede: {
    end: (build) => store.builds.supersede([build.build_id]),
    ending: { build_outcome: 'skipped', failure_reason: null, skip_reason: 'superseded' },
  },
  skipDeletedBranch: {
    end: (build) => store.builds.skipDeletedBranch({ ...build, deleted_on: new Date() }),
    ending: { build_outcome: 'skipped', failure_reason: null, skip_reason: 'branch_deleted' },
  },
  skipBuildsOfDeletedWorkers: {
    async end({ script_tag }) {
      await sql`update workers set deleted_on = now() where script_tag = ${script_tag}`
      await store.builds.skipBuildsOfDeletedWorkers()
    },
    ending: { build_outcome: 'skipped', failure_reason: null, skip_reason: 'worker_deleted' },
  },
  endLost: {
    end: (build) => store.builds.endLost(build.build_id),
    ending: { build_outcome: 'fail', failure_reason: 'internal_error', skip_reason: null },
  },
  'triggers.delete': {
    end: (build) => store.transaction((tx) => tx.triggers.delete(build)),
    ending: { build_outcome: 'cancelled', failure_reason: null, skip_reason: null },
  },
} satisfies Record<string, { end: (build: QueuedPush) => Promise<unknown>; ending: object }>

type QueuedPush = Awaited<ReturnType<typeof queuePush>>

/** A queued build of a push, with all that says which build it is. */
async function queuePush() {
  const push = { branch: 'main', commit_hash: 'a'.repeat(40), pushed_on: new Date() }
  const { build, tenant } = await harness.createBuild(push)
  const { account_id, script_tag, trigger_uuid, repo_connection_uuid } = tenant
  return { ...build, ...push, account_id, script_tag, trigger_uuid, repo_connection_uuid }
}

const readState = async ({ build_id }: { build_id: number }) => {
  const [row] = await sql`
    select status, build_outcome, failure_reason, skip_reason, stopped_on is not null as has_ended,
      overdue_on, scan_due_on is not null as has_scan_due
    from builds where build_id = ${build_id}`
  return row
}

test.each(Object.entries(ENDINGS))('%s ends a queued build', async (_, { end, ending }) => {
  const build = await queuePush()
  await end(build)
  expect(await readState(build)).toEqual({
    status: 'stopped',
    ...ending,
    has_ended: true,
    overdue_on: null,
    has_scan_due: ending.failure_reason !== null,
  })
})

test.each(Object.entries(ENDINGS))('%s leaves a build as it ended', async (_, { end }) => {
  const build = await queuePush()
  const state = { status: 'stopped', build_outcome: 'success', failure_reason: null } as const
  await store.builds.saveState({ build_id: build.build_id, state, steps: [] })
  const before = await readState(build)
  await end(build)
  expect(await readState(build)).toEqual(before)
})

test.each(BuildStatus.options.slice(1, 3))(
  'only a lost build ends while it is %s',
  async (status) => {
    for (const [name, { end }] of Object.entries(ENDINGS)) {
      const build = await queuePush()
      const state = { status: status as 'running', build_outcome: null, failure_reason: null }
      await store.builds.saveState({ build_id: build.build_id, state, steps: [] })
      await end(build)
      const row = await readState(build)
      expect(row).toMatchObject({ status: name === 'endLost' ? 'stopped' : status })
    }
  },
)
