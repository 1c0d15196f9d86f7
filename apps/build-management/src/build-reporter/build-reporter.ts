import { DurableObject } from 'cloudflare:workers'
import { outboxPump } from '../outbox/outbox-pump.ts'
import { reportDue } from './report-due.ts'

/** More than one pass reports, so that the table stays as large as it is. */
const FORGOTTEN_PER_PASS = 100

/**
 * Reports builds to a repository's Git provider: each connection has a reporter of its own, so that
 * a provider that is slow or away holds back no other, and a build is reported once at a time. What
 * it reports is how each build is by then.
 *
 * What is due a trigger of Postgres writes with the change of the build
 * (`packages/store/sql/record_build_report.sql`).
 */
export class BuildReporter extends DurableObject<Env> {
  readonly #pump = outboxPump({
    ctx: this.ctx,
    env: this.env,
    source: 'BuildReporter',
    ownerKey: 'repo_connection_uuid',
    workOff: async (store, repo_connection_uuid) => {
      const hasMore = await reportDue({ env: this.env, store, repo_connection_uuid })
      await store.buildReports.prune({ limit: FORGOTTEN_PER_PASS })
      return hasMore
    },
    failure: 'builds could not be reported; trying again',
  })

  /** Reports what is due, soon. */
  async wake({ repo_connection_uuid }: { repo_connection_uuid: string }): Promise<void> {
    await this.#pump.wake(repo_connection_uuid)
  }

  override async alarm(): Promise<void> {
    await this.#pump.alarm()
  }
}
