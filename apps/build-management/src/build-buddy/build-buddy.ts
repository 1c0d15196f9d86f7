import { DurableObject } from 'cloudflare:workers'
import {
  type BuildBuddyRpc,
  type BuildId,
  type BuildOutcome,
  BuildsError,
  LIVE_CLOSE_CODES,
  type LineTemplates,
  type LogCursor,
  type LogLine,
  type LogPage,
  type LogSlice,
  type Patience,
  type Refusal,
  type RunnerLogFlush,
  type RunnerStatusUpdate,
  readPatience,
} from '@workers-builds/contracts'
import { errorFields, logger, withLogTags } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { BuildToStart, OverdueBuild } from '@workers-builds/store'
import PQueue from 'p-queue'
import { match } from 'ts-pattern'
import type { BuildCompute } from '../compute/build-compute.ts'
import type { ContainerExit } from '../compute/container-compute.ts'
import { computePatience, openCompute, readCompute } from '../compute/open-compute.ts'
import { logTags } from '../log-tags.ts'
import { buildDataPoints } from './build-analytics.ts'
import { BuildLog } from './build-log.ts'
import { buildChores, type Chores } from './chores.ts'
import { exitLine } from './control-lines.ts'
import { afterChore, type Decision, decide } from './decide.ts'
import { KeptLife } from './kept-life.ts'
import { afterHearing, afterRunnerStatus, type Chore, type Life, newLife } from './life.ts'
import { LiveViewers } from './live-viewers.ts'

/**
 * One build's companion, from the moment it is started until long after: it keeps the build's log
 * for good.
 *
 * It writes what it receives to its own SQLite before it answers; its alarm then brings Postgres and
 * BuildErrorsQueue up to date, and retries until they are. `decide` says what to do next, `chores`
 * do it. It holds no connection and no timer, so that it hibernates; reading an untouched one writes
 * nothing.
 */
export class BuildBuddy extends DurableObject<Env> implements BuildBuddyRpc {
  readonly #patience: Patience
  readonly #log: BuildLog
  readonly #life: KeptLife
  readonly #compute: BuildCompute
  readonly #chores: Chores
  readonly #viewers: LiveViewers
  /** What it does for its build, one after the other. */
  readonly #tasks = new PQueue({ concurrency: 1 })
  /** Since when this object has been in memory, and so able to look and to listen. */
  readonly #awakeSince = Date.now()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#patience = computePatience(readCompute(env), readPatience(env))
    this.#log = new BuildLog(ctx.storage)
    this.#life = new KeptLife(ctx.storage, this.#log)
    this.#compute = openCompute({
      container: ctx.container,
      env,
      patience: this.#patience,
      onExit: (exit) => this.#recordExit(exit),
    })
    this.#chores = buildChores({
      env,
      life: this.#life,
      compute: this.#compute,
      heartbeat_seconds: this.#patience.heartbeatSeconds,
    })
    this.#viewers = new LiveViewers(ctx, {
      state: () => this.#life.require().state,
      nextLine: () => this.#log.nextLine,
      read: ({ line, maxCharacters }) =>
        this.#log.read({ cursor: { line }, maxCharacters, sealed: this.#life.require().sealed }),
    })
  }

  /**
   * Takes the build over. Called again, it only writes to Postgres again: the caller saw there that
   * the build still waits. `build` is as it was when it was claimed, just now; with it a container
   * is asked for at once.
   */
  async startBuild({
    build_id,
    build,
  }: {
    build_id: BuildId
    build?: BuildToStart | undefined
  }): Promise<void> {
    const life = this.#life.get() ?? newLife({ build_id, now: Date.now() })
    this.#life.put({ ...life, status_synced: false })
    if (build === undefined || life.container !== 'wanted') return await this.#wakeAlarm()
    // Whatever is lost with this object's memory the alarm does.
    await this.ctx.storage.setAlarm(Date.now() + this.#patience.buddyRescueMs)
    const begun = this.#runTask(() => this.#doFirstChores(build))
    this.ctx.waitUntil(begun.catch((error: unknown) => reportError(error, 'a build began badly')))
  }

  /** Stores the runner's status; answers why not, when the build is over. */
  async handleStatusUpdate(update: RunnerStatusUpdate): Promise<{ refusal: Refusal | null }> {
    const life = this.#life.require()
    const repeated = update.seq <= life.status_seq
    if (life.state.status === 'stopped') {
      return { refusal: life.stopped_by === 'runner' && repeated ? null : 'build_stopped' }
    }
    if (repeated) {
      this.#recordHeard(life)
      return { refusal: null }
    }
    this.#life.change((before) => afterRunnerStatus(before, update, Date.now()))
    this.#viewers.update()
    await this.#wakeAlarm()
    return { refusal: null }
  }

  /** Stores a flush of the runner; answers which line it expects next. */
  async addLogLines({
    first_line,
    lines,
  }: RunnerLogFlush): Promise<{ refusal: Refusal | null; next_runner_line: number }> {
    const life = this.#life.require()
    if (life.stopped_by === 'control_plane') {
      return { refusal: 'build_stopped', next_runner_line: this.#log.runnerLines }
    }
    if (life.sealed) return { refusal: 'log_closed', next_runner_line: this.#log.runnerLines }
    const { stored, next_runner_line } = this.#log.addRunnerLines(first_line, lines)
    if (stored && life.first_line_on === null) {
      this.#life.change((before) => ({ ...before, first_line_on: Date.now() }))
    }
    this.#viewers.update()
    // The log may have its last line now.
    if (life.state.status === 'stopped') await this.#wakeAlarm()
    else this.#recordHeard(this.#life.require())
    return { refusal: stored ? null : 'log_gap', next_runner_line }
  }

  /** The images that builds may ask for, the newest first; null where builds have none. */
  async listBuildImages(): Promise<string[] | null> {
    return this.#compute.images
  }

  /** A page of the log from `cursor` on; an empty, incomplete one before the build was started. */
  async getLogs({ cursor }: { cursor?: LogCursor }): Promise<LogPage> {
    const life = this.#life.get()
    if (life === undefined) {
      return { lines: [], cursor: cursor ?? { line: 0 }, complete: false, more: false }
    }
    return this.#log.read({ cursor, sealed: life.sealed })
  }

  /** Some lines of the log; none before the build was started. */
  async getLogLines(slice: LogSlice): Promise<LogLine[]> {
    return this.#life.get() === undefined ? [] : this.#log.slice(slice)
  }

  async getLineTemplates(): Promise<LineTemplates | null> {
    return this.#life.templates()
  }

  /** A viewer's WebSocket; `line` in the URL is where its log begins. */
  override async fetch(request: Request): Promise<Response> {
    const line = Number(new URL(request.url).searchParams.get('line'))
    if (this.#life.get() === undefined) {
      return refuseViewer(new BuildsError('log_removed', 'The log of this build is gone.'))
    }
    if (line > this.#log.nextLine) {
      const message = `Invalid query parameter cursor: it stands after line ${line}, where no line is yet`
      return refuseViewer(new BuildsError('invalid_request', message))
    }
    if (this.#viewers.isFull) {
      const message = 'Too many viewers watch this build; read its log page by page.'
      return refuseViewer(new BuildsError('too_many_viewers', message))
    }
    return new Response(null, { status: 101, webSocket: this.#viewers.accept({ line }) })
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    this.#viewers.receive(socket, message)
  }

  /** Agrees, so that the viewer need not wait for it. */
  override async webSocketClose(socket: WebSocket): Promise<void> {
    socket.close()
  }

  /** Cancels the build; answers its outcome, which may be from before. */
  async cancelBuild(): Promise<{ build_outcome: BuildOutcome | null }> {
    this.#life.require()
    this.#life.apply({ type: 'cancelled' })
    this.#compute.abandonCreate()
    await this.#wakeAlarm()
    this.#viewers.update()
    // At once, so that the caller finds it in Postgres; the alarm does it if this fails.
    await this.#tryChore('sync')
    return { build_outcome: this.#life.require().state.build_outcome }
  }

  /**
   * Brings a build to its end that Postgres still has as unfinished long after its limit. One that
   * has no life here any more ends as lost, and its container, if there is one, is stopped.
   */
  async endOverdue({ build_id, build_uuid }: OverdueBuild): Promise<void> {
    const life = this.#life.get()
    if (life === undefined) {
      const now = Date.now()
      this.#life.put({ ...newLife({ build_id, now }), build_uuid, container: 'asked' })
      this.#life.apply({ type: 'lost' })
    } else {
      this.#life.put({ ...life, status_synced: false })
    }
    await this.#wakeAlarm()
  }

  /**
   * Forgets the build and its log for good, once it has ended: one that runs is cancelled first.
   * Answers whether nothing is left; asked again later, it will be.
   */
  async erase(): Promise<{ erased: boolean }> {
    if (this.#life.get() !== undefined) {
      this.#life.change((life) => ({ ...life, erasing: true }))
      this.#life.apply({ type: 'cancelled' })
      if (this.#decide().do !== 'rest') {
        await this.#wakeAlarm()
        return { erased: false }
      }
    }
    await this.#deleteEverything()
    return { erased: true }
  }

  override async alarm(): Promise<void> {
    await this.#runTask(async () => {
      await this.ctx.storage.setAlarm(Date.now() + this.#patience.buddyRescueMs)
      await this.#doWhatIsDue()
    })
  }

  /** Does `task`, if there is a build, after those that were begun before. */
  async #runTask(task: () => Promise<void>): Promise<void> {
    await this.#tasks.add(async () => {
      const life = this.#life.get()
      if (life === undefined) return
      const { build_id, build_uuid } = life
      const tags = { build_id, ...(build_uuid && { build_uuid }) }
      await withLogTags({ ...logTags(this.env, 'BuildBuddy'), ...tags }, task)
    })
  }

  /**
   * The first chores of a build that was claimed just now. Postgres had it as waiting then, so the
   * container need not come after it has the build as initializing; should it refuse, because the
   * build was stopped there meanwhile, the container is stopped.
   */
  async #doFirstChores(build: BuildToStart): Promise<void> {
    const { state, container } = this.#life.require()
    if (state.status !== 'stopped' && container === 'wanted') {
      await Promise.all([this.#tryChore('sync'), this.#tryChore('create', build)])
    }
    await this.#doWhatIsDue()
  }

  async #doWhatIsDue(): Promise<void> {
    for (let waiting = false; !waiting && this.#life.get() !== undefined; ) {
      waiting = await match(this.#decide())
        .with({ do: 'apply' }, ({ event }) => {
          this.#life.apply(event)
          this.#viewers.update()
          return false
        })
        .with({ do: 'seal' }, () => {
          this.#life.seal()
          this.#viewers.update()
          return false
        })
        .with({ do: 'analyze' }, () => {
          this.#sendAnalytics()
          return false
        })
        .with({ do: 'wait' }, async ({ until }) => {
          await this.ctx.storage.setAlarm(until)
          return true
        })
        .with({ do: 'rest' }, async () => {
          if (this.#life.require().erasing) await this.#deleteEverything()
          else await this.ctx.storage.deleteAlarm()
          return true
        })
        .otherwise(async (decision) => {
          await this.#tryChore(decision.do)
          return false
        })
    }
  }

  async #tryChore(chore: Chore, build?: BuildToStart): Promise<void> {
    let failed = false
    try {
      await this.#chores[chore](build)
    } catch (error) {
      const { error_stack = '', ...fields } = errorFields(error)
      // Thousands of BuildBuddies fail together when Postgres is away: each logs its stack once.
      const isFirst = this.#life.get()?.retries[chore] === undefined
      logger
        .withFields(isFirst ? { ...fields, error_stack } : fields)
        .warn(`could not ${chore}; trying again`)
      failed = true
    }
    // It may have been erased while others were waited for.
    if (this.#life.get() === undefined) return
    const tried = { chore, failed, now: Date.now(), random: Math.random() }
    this.#life.change((life) => afterChore(life, tried, this.#patience))
    this.#viewers.update()
  }

  /** `deleteAll` deletes the alarm as well. */
  async #deleteEverything(): Promise<void> {
    this.#viewers.closeAll(LIVE_CLOSE_CODES.log_removed, 'the log was removed')
    await this.ctx.storage.deleteAll()
  }

  /**
   * Written first and recorded then, without a wait: were this object to die in between, the life
   * would be written once more. It never holds the build up.
   */
  #sendAnalytics(): void {
    try {
      const tags = { release: this.env.GIT_TAG, environment: this.env.ENVIRONMENT }
      const points = buildDataPoints(this.#life.require(), tags)
      for (const point of points) this.env.BUILD_ANALYTICS.writeDataPoint(point)
    } catch (error) {
      reportError(error, 'a build could not be written to analytics')
    }
    this.#life.change((life) => ({ ...life, analyzed: true }))
  }

  async #wakeAlarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now())
  }

  #decide(): Decision {
    const moment = {
      now: Date.now(),
      runner_lines: this.#log.runnerLines,
      awake_since: this.#awakeSince,
    }
    return decide(this.#life.require(), moment, this.#patience)
  }

  /** A container that ended by itself is looked at without delay, and the log says how it ended. */
  #recordExit({ exit_code, message }: ContainerExit): void {
    const life = this.#life.get()
    if (life === undefined || life.state.status === 'stopped') return
    const step = life.steps.at(-1)?.step ?? 'initializing'
    const { instance_type } = life
    this.#log.addLine(Date.now(), step, exitLine({ exit_code, message, instance_type }))
    this.#life.change((now) => ({ ...now, checked_on: null }))
    this.#viewers.update()
    this.ctx.waitUntil(this.#wakeAlarm())
  }

  /** Records that the runner called back. */
  #recordHeard(life: Life): void {
    const after = afterHearing(life, Date.now())
    if (after !== life) this.#life.put(after)
  }
}

/** client, which asked for the WebSocket, puts this into the envelope. */
function refuseViewer({ code, message, status }: BuildsError): Response {
  return Response.json({ code, message }, { status })
}
