import { type BuildId, buildErrorsMessage, isBuildsError } from '@workers-builds/contracts'
import type { CloneAccess } from '@workers-builds/git-providers'
import { errorFields, logger } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { BuildToStart } from '@workers-builds/store'
import { type BuildCompute, type Machine, NoSuchMachine } from '../compute/build-compute.ts'
import { openConnected } from '../git/git-providers.ts'
import { getScheduler } from '../stubs.ts'
import { withStore } from '../with-store.ts'
import { buildSpec } from './build-spec.ts'
import { waitingLine } from './control-lines.ts'
import type { KeptLife } from './kept-life.ts'
import {
  afterAdopting,
  afterCheck,
  afterCreate,
  afterEvent,
  type Chore,
  Life,
  usageOfLife,
} from './life.ts'

/** A compute that has not answered for about an hour is not asked to stop the build again. */
const MOST_STOP_FAILURES = 120

type ChoreContext = {
  env: Env
  life: KeptLife
  compute: BuildCompute
  /** How often the runner is asked to call back. */
  heartbeat_seconds: number
}

/** What a BuildBuddy does outside of itself; what fails throws, and is retried. */
export type Chores = Record<Chore, (claimed?: BuildToStart) => Promise<void>>

export function buildChores({ env, life, compute, heartbeat_seconds }: ChoreContext): Chores {
  async function prepareStart(build_id: BuildId): Promise<BuildToStart | undefined> {
    const [build] = await withStore(env, (store) => store.builds.prepareStart([build_id]))
    return build
  }

  /** Undefined, and the build is over, when the provider denies access to its repository. */
  async function cloneAccess(build: BuildToStart): Promise<CloneAccess | undefined> {
    try {
      const repository = openConnected(env, build.repository, (work) => withStore(env, work))
      const further_repositories = build.settings.clone_repositories
      return await repository.getCloneAccess({ further_repositories })
    } catch (error) {
      if (!isBuildsError(error) || error.code !== 'repo_disconnected') throw error
      life.apply({ type: 'start_failed', failure_reason: 'repo_disconnected' }, error.message)
      return undefined
    }
  }

  /** Undefined, and the build is over, when what it asks for is not to be had here. */
  function chooseMachine(build: BuildToStart): Machine | undefined {
    try {
      return compute.chooseMachine(build)
    } catch (error) {
      if (!(error instanceof NoSuchMachine)) throw error
      life.apply({ type: 'start_failed', failure_reason: 'initialization_failed' }, error.message)
      return undefined
    }
  }

  return {
    /** Brings Postgres up to date, and takes over an end that the build was given there. */
    async sync(): Promise<void> {
      const saved = life.require()
      const { build_id, state, steps, deployment, warnings, status_seq } = saved
      const usage = usageOfLife(saved)
      const current = await withStore(env, (store) =>
        store.builds.saveState({ build_id, state, steps, deployment, warnings, usage }),
      )
      life.change((now) => {
        const unchanged = JSON.stringify(now.state) === JSON.stringify(state)
        const synced = { ...now, status_synced: unchanged && now.status_seq === status_seq }
        // Nothing leads to this object any more.
        if (current === undefined) {
          return { ...afterEvent(synced, { type: 'cancelled' }, Date.now()), erasing: true }
        }
        return current.status === 'stopped'
          ? afterAdopting(synced, Life.shape.state.parse(current), Date.now())
          : synced
      })
      // A slot is free; if this call is lost, Scheduler's next tick sees it.
      if (state.status === 'stopped') await getScheduler(env).wake()
    },

    /** Asks for a container that runs the build; `claimed` is the build as it was read just now. */
    async create(claimed?: BuildToStart): Promise<void> {
      const { build_id, started_on } = life.require()
      const build = claimed ?? (await prepareStart(build_id))
      if (build === undefined) return life.apply({ type: 'cancelled' })
      const { account_id, script_tag, created_on } = build
      const owner = { account_id, script_tag, created_on: created_on.getTime() }
      life.change((now) => ({ ...now, build_uuid: build.build_uuid, owner }))
      if (build.build_token_secret_sealed === null) {
        return life.apply({ type: 'start_failed', failure_reason: 'build_token_invalid' })
      }
      if (build.repo_disconnected) {
        return life.apply({ type: 'start_failed', failure_reason: 'repo_disconnected' })
      }
      const clone = await cloneAccess(build)
      if (clone === undefined) return
      const machine = chooseMachine(build)
      if (machine === undefined) return
      // What it waited for a container is not its own time.
      const begun_on = life.require().refused_since === null ? started_on : Date.now()
      const deadline_on = begun_on + build.build_timeout_seconds * 1_000
      try {
        const { instance_type } = machine
        const spec = await buildSpec(env, {
          build,
          clone,
          deadline_on,
          heartbeat_seconds,
          instance_type,
        })
        if (life.require().state.status === 'stopped') return
        if (machine.description !== null) life.describe('machine', machine.description)
        life.change((now) => ({
          ...now,
          deadline_on,
          container: 'asked',
          asked_on: Date.now(),
          instance_type,
        }))
        await compute.createBuild({ spec, machine }).catch((error: unknown) => {
          if (compute.images !== null) life.describe('waiting', waitingLine(errorMessage(error)))
          throw error
        })
      } catch (error) {
        life.change((now) => afterCreate(now, false, Date.now()))
        throw error
      }
      life.change((now) => afterCreate(now, true, Date.now()))
    },

    /** Checks that the container is alive; with a compute that cannot be reached it counts as not. */
    async check(): Promise<void> {
      const health = await compute.getBuildState(life.uuid()).catch((error: unknown) => {
        logger.withFields(errorFields(error)).warn('the compute could not be asked about the build')
        return 'unreachable' as const
      })
      life.change((now) => afterCheck(now, health, Date.now()))
    },

    /** Ends the container. */
    async stop(): Promise<void> {
      const failures = life.require().retries.stop?.failures ?? 0
      if (failures < MOST_STOP_FAILURES) {
        await compute.stopBuild(life.uuid())
      } else {
        reportError(new Error('stop'), 'giving up stopping the container of a build that is over')
      }
      life.change((now) => ({ ...now, container: 'gone' }))
    },

    /** Queues the build for error detection. */
    async queue(): Promise<void> {
      await env.BUILD_ERRORS_QUEUE.send(buildErrorsMessage(life.require().build_id).body)
      life.change((now) => ({ ...now, detection_queued: true }))
    },
  }
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
