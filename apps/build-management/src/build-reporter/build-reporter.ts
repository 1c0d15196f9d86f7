import { DurableObject } from 'cloudflare:workers'
import { withLogTags } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import { openStore } from '@workers-builds/store'
import { z } from 'zod'
import { logTags } from '../log-tags.ts'
import { typedKv } from '../typed-kv.ts'
import { reportDue } from './report-due.ts'

/** When the alarm fires again if it dies half-way, or the database is away. */
const SAFETY_MS = 30_000
/** More than one pass reports, so that the table stays as large as it is. */
const FORGOTTEN_PER_PASS = 100

/**
 * Tells a repository's Git provider of its builds: each connection has a reporter of its own, so
 * that a provider that is slow or away holds back no other, and a build is told once at a time.
 *
 * What is to be told stands in Postgres, where a trigger writes it with the change of the build
 * (`packages/store/sql/record_build_report.sql`). Scheduler wakes the
 * reporters that have something to tell; the alarm takes what is due, tells how each build is by
 * now, and records what came of it. Were it to die in between, it would tell it again.
 */
export class BuildReporter extends DurableObject<Env> {
  readonly #kv = typedKv(this.ctx.storage.kv, { repo_connection_uuid: z.uuid() })
  /** Whether somebody called while the alarm was at work. */
  #woken = false

  /** Looks for something to tell now. */
  async wake({ repo_connection_uuid }: { repo_connection_uuid: string }): Promise<void> {
    this.#kv.put('repo_connection_uuid', repo_connection_uuid)
    this.#woken = true
    await this.ctx.storage.setAlarm(Date.now())
  }

  override async alarm(): Promise<void> {
    const repo_connection_uuid = this.#kv.get('repo_connection_uuid')
    if (repo_connection_uuid === null) return
    await withLogTags(logTags(this.env, 'BuildReporter'), async () => {
      await this.ctx.storage.setAlarm(Date.now() + SAFETY_MS)
      this.#woken = false
      const store = openStore(this.env.HYPERDRIVE.connectionString, { max: 1 })
      try {
        const hasMore = await reportDue({ env: this.env, store, repo_connection_uuid })
        await store.buildReports.prune({ limit: FORGOTTEN_PER_PASS })
        // What is tried again later, Scheduler sees when it is due.
        if (hasMore || this.#woken) await this.ctx.storage.setAlarm(Date.now())
        else await this.ctx.storage.deleteAlarm()
      } catch (error) {
        reportError(error, 'builds could not be reported; trying again')
      } finally {
        await store.end()
      }
    })
  }
}
