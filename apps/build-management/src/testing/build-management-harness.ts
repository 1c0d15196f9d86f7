import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { parseKeyring } from '@workers-builds/sealing'
import { connect } from '@workers-builds/store'
import { createHarness } from '@workers-builds/store/testing'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { getBuildBuddy, getScheduler } from '../stubs.ts'

/** Randomised rows in an empty database, and the Durable Objects of this Worker. */
export function useBuildManagement() {
  const sql = connect(env.HYPERDRIVE.connectionString, { max: 2 })
  const harness = createHarness(sql)
  beforeEach(() => harness.clear())
  // Alarms would go on into the next test.
  afterEach(() => reset())
  afterAll(() => sql.end())

  return {
    ...harness,

    /** A build that its BuildBuddy has taken over, with the alarm held back. */
    async createStartedBuild() {
      const { build, tenant } = await harness.createBuild()
      await sql`update builds set claimed_on = now() where build_id = ${build.build_id}`
      const { build_token_uuid } = tenant.settings
      const sealed = await parseKeyring(env.BUILD_KEYRING).seal('build token', {
        table: 'build_tokens',
        row: build_token_uuid,
        column: 'build_token_secret_sealed',
      })
      await sql`
        update build_tokens set build_token_secret_sealed = ${sealed}
        where build_token_uuid = ${build_token_uuid}`
      const buddy = getBuildBuddy(env, build.build_id)
      await buddy.startBuild({ build_id: build.build_id })
      await runInDurableObject(buddy, (_, state) => state.storage.deleteAlarm())
      return { ...build, tenant, buddy }
    },

    /** One pass of Scheduler, and none after it. */
    async runSchedulerPass() {
      const scheduler = getScheduler(env)
      const later = Date.now() + 60_000
      await runInDurableObject(scheduler, (_, { storage }) => storage.setAlarm(later))
      await runDurableObjectAlarm(scheduler)
      await runInDurableObject(scheduler, (_, { storage }) => storage.deleteAlarm())
    },

    async selectBuild({ build_id }: { build_id: number }) {
      const [row] = await sql<
        {
          status: string
          build_outcome: string | null
          failure_reason: string | null
          claimed_on: Date | null
        }[]
      >`
        select status, build_outcome, failure_reason, claimed_on from builds
        where build_id = ${build_id}`
      return row
    },
  }
}
