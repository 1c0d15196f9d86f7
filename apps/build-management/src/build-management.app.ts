/** The build-management Worker: starts builds, keeps their logs, brings them to an end. */
import { env, WorkerEntrypoint } from 'cloudflare:workers'
import {
  type BackfillConfig,
  type BuildId,
  type BuildManagementRpc,
  type BuildOutcome,
  buildOfLiveLogPath,
  type LogCursor,
  LogLine,
  LogPage,
  type LogSlice,
  readPatience,
  type SecretToSeal,
} from '@workers-builds/contracts'
import { autofillConfig } from '@workers-builds/git-providers'
import {
  observeDurableObject,
  observeEntrypoint,
  observeWorker,
} from '@workers-builds/observability'
import { parseKeyring } from '@workers-builds/sealing'
import { z } from 'zod'
import { BuildBuddy as BuildBuddyObject } from './build-buddy/build-buddy.ts'
import { BuildErrorsAgent as BuildErrorsAgentObject } from './build-errors-agent/build-errors-agent.ts'
import { BuildReporter as BuildReporterObject } from './build-reporter/build-reporter.ts'
import { callbacks } from './callbacks/callbacks.ts'
import { checkHealth } from './check-health.ts'
import { readCompute } from './compute/open-compute.ts'
import { EventDispatcher as EventDispatcherObject } from './event-dispatcher/event-dispatcher.ts'
import { orNull, resolveBranch, resolveCommit, withRepository } from './git/resolve-commit.ts'
import { resealBuildSecrets } from './reseal-build-secrets.ts'
import { Scheduler as SchedulerObject } from './scheduler/scheduler.ts'
import { getBuildBuddy, getBuildErrorsAgent, getScheduler } from './stubs.ts'

// Once at the start, so that a release with a wrong value is refused when it is deployed.
readPatience(env)
readCompute(env)

export const BuildBuddy = observeDurableObject(BuildBuddyObject)
export type BuildBuddy = BuildBuddyObject
export const BuildErrorsAgent = observeDurableObject(BuildErrorsAgentObject)
export type BuildErrorsAgent = BuildErrorsAgentObject
export const BuildReporter = observeDurableObject(BuildReporterObject)
export type BuildReporter = BuildReporterObject
export const EventDispatcher = observeDurableObject(EventDispatcherObject)
export type EventDispatcher = EventDispatcherObject
export const Scheduler = observeDurableObject(SchedulerObject)
export type Scheduler = SchedulerObject

/** Only objects that may have a container know its images: this one is no build's, and keeps nothing. */
const IMAGE_LISTER = 0

/** What the client Worker reaches through its service binding; nothing else reaches it. */
class BuildManagementEntrypoint extends WorkerEntrypoint<Env> implements BuildManagementRpc {
  /** The WebSocket of a live log's viewer, or the runner's call-backs, passed on as they came. */
  override async fetch(request: Request): Promise<Response> {
    const build_id = buildOfLiveLogPath(new URL(request.url).pathname)
    if (build_id !== undefined) return await getBuildBuddy(this.env, build_id).fetch(request)
    return await callbacks.fetch(request, this.env, this.ctx)
  }

  async wakeScheduler(): Promise<void> {
    await getScheduler(this.env).wake()
  }

  async cancelBuild({
    build_id,
  }: {
    build_id: BuildId
  }): Promise<{ build_outcome: BuildOutcome | null }> {
    return await getBuildBuddy(this.env, build_id).cancelBuild()
  }

  async startBackfill(config: BackfillConfig) {
    return await getBuildErrorsAgent(this.env).start(config)
  }

  async stopBackfill() {
    return await getBuildErrorsAgent(this.env).stop()
  }

  async getBackfillProgress() {
    return await getBuildErrorsAgent(this.env).getProgress()
  }

  async resolveBranch(branch: { repo_connection_uuid: string; branch: string }) {
    return await resolveBranch(this.env, branch)
  }

  async resolveCommit(commit: { repo_connection_uuid: string; commit_hash: string }) {
    return await resolveCommit(this.env, commit)
  }

  async sealBuildSecrets(secrets: SecretToSeal[]) {
    const keyring = parseKeyring(this.env.BUILD_KEYRING)
    return await Promise.all(secrets.map(({ plaintext, place }) => keyring.seal(plaintext, place)))
  }

  async listBuildImages() {
    return await getBuildBuddy(this.env, IMAGE_LISTER).listBuildImages()
  }

  async autofillConfig(project: {
    repo_connection_uuid: string
    branch: string
    root_directory: string
  }) {
    return await withRepository(this.env, project.repo_connection_uuid, (repository) =>
      orNull(autofillConfig(repository, project)),
    )
  }

  async resealBuildSecrets(options: { limit: number }) {
    return await resealBuildSecrets(this.env, options)
  }

  async checkHealth() {
    return await checkHealth(this.env)
  }

  async getLogs({ build_id, cursor }: { build_id: BuildId; cursor?: LogCursor }) {
    using page = await getBuildBuddy(this.env, build_id).getLogs(cursor ? { cursor } : {})
    return LogPage.parse(page)
  }

  async getLogLines({ build_id, index, count }: LogSlice & { build_id: BuildId }) {
    using lines = await getBuildBuddy(this.env, build_id).getLogLines({ index, count })
    return z.array(LogLine).parse(lines)
  }
}

export const BuildManagement = observeEntrypoint(BuildManagementEntrypoint)
export type BuildManagement = BuildManagementEntrypoint

const worker: ExportedHandler<Env> = {
  async fetch(): Promise<Response> {
    return new Response('build-management has no public routes', { status: 404 })
  },

  /** Every minute, in case Scheduler's alarm was lost. */
  async scheduled(_controller, env): Promise<void> {
    await getScheduler(env).wake()
  },
}

export default observeWorker(worker)
