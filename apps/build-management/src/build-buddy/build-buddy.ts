import { DurableObject } from 'cloudflare:workers'
import {
  type BuildBuddyRpc,
  type BuildEvent,
  type BuildId,
  type BuildOutcome,
  BuildsError,
  buildErrorsMessage,
  isBuildsError,
  LIVE_CLOSE_CODES,
  type LogCursor,
  type LogPage,
  type RunnerLogFlush,
  type RunnerStatusUpdate,
} from '@workers-builds/contracts'
import type { CloneAccess } from '@workers-builds/git-providers'
import { errorFields, logger, withLogTags } from '@workers-builds/logging'
import { reportError } from '@workers-builds/observability'
import type { BuildToStart, OverdueBuild } from '@workers-builds/store'
import { match } from 'ts-pattern'
import { BriefStore } from '../brief-store.ts'
import type { Refusal } from '../callbacks/callbacks.ts'
import type { BuildCompute } from '../compute/build-compute.ts'
import { computeHost } from '../compute/compute-host.ts'
import { openConnected } from '../git/git-providers.ts'
import { logTags } from '../log-tags.ts'
import { getScheduler } from '../stubs.ts'
import { typedKv } from '../typed-kv.ts'
import { buildDataPoints } from './build-analytics.ts'
import { BuildLog } from './build-log.ts'
import { buildSpec } from './build-spec.ts'
import { controlLine } from './control-lines.ts'
import { afterChore, type Decision, decide } from './decide.ts'
import {
  afterAdopting,
  afterCheck,
  afterCreate,
  afterEvent,
  afterHearing,
  afterRunnerStatus,
  type Chore,
  Life,
  newLife,
} from './life.ts'
import { LiveViewers } from './live-viewers.ts'

/** When the alarm fires again if it dies half-way. */
const SAFETY_MS = 15_000
/** A compute that has not answered for about an hour is not asked to stop the build again. */
const MOST_STOP_FAILURES = 120

/**
 * One build's companion, from the moment it is started until long after: it keeps the build's log
 * for good.
 *
 * What it is told it writes to its own SQLite first and answers then; Postgres and
 * BuildErrorsQueue follow, by its alarm, which tries until they have it. `decide` says what to do
 * next; this class does it. It holds no connection and no timer, so that it hibernates, and looking
 * at an untouched one writes nothing.
 */
export class BuildBuddy extends DurableObject<Env> implements BuildBuddyRpc {
  readonly #log = new BuildLog(this.ctx.storage)
  readonly #kv = typedKv(this.ctx.storage.kv, { life: Life })
  readonly #compute: BuildCompute = computeHost({
    url: this.env.COMPUTE_HOST_URL,
    token: this.env.COMPUTE_HOST_TOKEN,
  })
  /** Resolves when the work that was begun last is done. */
  #working: Promise<void> | undefined
  /** Since when this object has been in memory, and so able to look and to listen. */
  awakeSince = Date.now()
  readonly #database = new BriefStore(this.env.HYPERDRIVE.connectionString)
  readonly #viewers = new LiveViewers(this.ctx, {
    state: () => this.#started().state,
    nextLine: () => this.#log.nextLine,
    read: ({ line, maxCharacters }) =>
      this.#log.read({ cursor: { line }, maxCharacters, sealed: this.#started().sealed }),
  })

  /**
   * Takes the build over. Called again, it only tells Postgres again: whoever calls saw there that
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
    const life = this.#life() ?? newLife({ build_id, now: Date.now() })
    this.#put({ ...life, status_synced: false })
    if (build === undefined || life.container !== 'wanted') return await this.#wake()
    // Whatever is lost with this object's memory the alarm does.
    await this.ctx.storage.setAlarm(Date.now() + SAFETY_MS)
    const begun = this.#work(() => this.#begin(build))
    this.ctx.waitUntil(begun.catch((error: unknown) => reportError(error, 'a build began badly')))
  }

  /** Takes the runner's status; says why when the build is beyond it. */
  async handleStatusUpdate(update: RunnerStatusUpdate): Promise<{ refusal: Refusal | null }> {
    const life = this.#started()
    const repeated = update.seq <= life.status_seq
    if (life.state.status === 'stopped') {
      return { refusal: life.stopped_by === 'runner' && repeated ? null : 'build_stopped' }
    }
    if (repeated) {
      this.#heard(life)
      return { refusal: null }
    }
    this.#change((before) => afterRunnerStatus(before, update, Date.now()))
    this.#viewers.update()
    await this.#wake()
    return { refusal: null }
  }

  /** Stores a flush of the runner; says which line it expects. */
  async addLogLines({
    first_line,
    lines,
  }: RunnerLogFlush): Promise<{ refusal: Refusal | null; next_runner_line: number }> {
    const life = this.#started()
    if (life.stopped_by === 'control_plane') {
      return { refusal: 'build_stopped', next_runner_line: this.#log.runnerLines }
    }
    if (life.sealed) return { refusal: 'log_closed', next_runner_line: this.#log.runnerLines }
    const { stored, next_runner_line } = this.#log.addRunnerLines(first_line, lines)
    if (stored && life.first_line_on === null) {
      this.#change((before) => ({ ...before, first_line_on: Date.now() }))
    }
    this.#viewers.update()
    // The log may have its last line now.
    if (life.state.status === 'stopped') await this.#wake()
    else this.#heard(this.#started())
    return { refusal: stored ? null : 'log_gap', next_runner_line }
  }

  /** A page of the log from `cursor` on; an empty, incomplete one before the build was started. */
  async getLogs({ cursor }: { cursor?: LogCursor }): Promise<LogPage> {
    const life = this.#life()
    if (life === undefined) {
      return { lines: [], cursor: cursor ?? { line: 0 }, complete: false, more: false }
    }
    return this.#log.read({ cursor, sealed: life.sealed })
  }

  /** A viewer's WebSocket; `line` in the URL says from where on it wants the log. */
  override async fetch(request: Request): Promise<Response> {
    const line = Number(new URL(request.url).searchParams.get('line'))
    if (this.#life() === undefined) {
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

  /** Ends the build because somebody asked for it; answers what it ended as, now or before. */
  async cancelBuild(): Promise<{ build_outcome: BuildOutcome | null }> {
    this.#started()
    this.#apply({ type: 'cancelled' })
    await this.#wake()
    this.#viewers.update()
    // At once, so that the caller finds it in Postgres; the alarm does it if this fails.
    await this.#do('sync')
    await this.#database.release()
    return { build_outcome: this.#started().state.build_outcome }
  }

  /**
   * Brings a build to its end that Postgres still has as unfinished long after its limit. One that
   * nothing is known of here any more ends as lost, and its container, if there is one, is stopped.
   */
  async endOverdue({ build_id, build_uuid }: OverdueBuild): Promise<void> {
    const life = this.#life()
    if (life === undefined) {
      const now = Date.now()
      this.#put({ ...newLife({ build_id, now }), build_uuid, container: 'asked' })
      this.#apply({ type: 'lost' })
    } else {
      this.#put({ ...life, status_synced: false })
    }
    await this.#wake()
  }

  /**
   * Forgets the build and its log for good, once it has ended: one that runs is cancelled first.
   * Answers whether nothing is left; asked again later, it will be.
   */
  async erase(): Promise<{ erased: boolean }> {
    if (this.#life() !== undefined) {
      this.#change((life) => ({ ...life, erasing: true }))
      this.#apply({ type: 'cancelled' })
      if (this.#decide().do !== 'rest') {
        await this.#wake()
        return { erased: false }
      }
    }
    await this.#forget()
    return { erased: true }
  }

  override async alarm(): Promise<void> {
    await this.#work(async () => {
      await this.ctx.storage.setAlarm(Date.now() + SAFETY_MS)
      await this.#doWhatIsDue()
    })
  }

  /** Does `work`, if there is a build, when what was begun before is done. */
  async #work(work: () => Promise<void>): Promise<void> {
    const before = this.#working
    const done = Promise.withResolvers<void>()
    this.#working = done.promise
    await before
    const { build_id, build_uuid } = this.#life() ?? {}
    try {
      if (build_id === undefined) return
      const tags = { build_id, ...(build_uuid && { build_uuid }) }
      await withLogTags({ ...logTags(this.env, 'BuildBuddy'), ...tags }, work)
    } finally {
      done.resolve()
      await this.#database.release()
    }
  }

  /**
   * The first chores of a build that was claimed just now. Postgres had it as waiting then, so the
   * container need not come after it has the build as initializing; should it refuse, because the
   * build was stopped there meanwhile, the container is stopped.
   */
  async #begin(build: BuildToStart): Promise<void> {
    const { state, container } = this.#started()
    if (state.status !== 'stopped' && container === 'wanted') {
      const synced = this.#do('sync').then(() => this.#database.release())
      await Promise.all([synced, this.#do('create', build)])
    }
    await this.#doWhatIsDue()
  }

  async #doWhatIsDue(): Promise<void> {
    for (let waiting = false; !waiting && this.#life() !== undefined; ) {
      waiting = await match(this.#decide())
        .with({ do: 'apply' }, ({ event }) => {
          this.#apply(event)
          this.#viewers.update()
          return false
        })
        .with({ do: 'seal' }, () => {
          this.#seal()
          this.#viewers.update()
          return false
        })
        .with({ do: 'analyze' }, () => {
          this.#analyze()
          return false
        })
        .with({ do: 'wait' }, async ({ until }) => {
          await this.ctx.storage.setAlarm(until)
          return true
        })
        .with({ do: 'rest' }, async () => {
          if (this.#started().erasing) await this.#forget()
          else await this.ctx.storage.deleteAlarm()
          return true
        })
        .otherwise(async (decision) => {
          await this.#do(decision.do)
          return false
        })
    }
  }

  async #do(chore: Chore, build?: BuildToStart): Promise<void> {
    let failed = false
    try {
      await match(chore)
        .with('sync', () => this.#sync())
        .with('create', () => this.#create(build))
        .with('check', () => this.#check())
        .with('stop', () => this.#stop())
        .with('queue', () => this.#queue())
        .exhaustive()
    } catch (error) {
      logger.withFields(errorFields(error)).warn(`could not ${chore}; trying again`)
      failed = true
    }
    // It may have been erased while others were waited for.
    if (this.#life() === undefined) return
    this.#change((life) => afterChore(life, { chore, failed, now: Date.now() }))
    this.#viewers.update()
  }

  /** Brings Postgres up to date, and learns from it when somebody stopped the build there. */
  async #sync(): Promise<void> {
    const { build_id, state, steps, deployment, status_seq } = this.#started()
    const current = await this.#database.use((store) =>
      store.schedule.project({ build_id, state, steps, deployment }),
    )
    this.#change((life) => {
      const unchanged = JSON.stringify(life.state) === JSON.stringify(state)
      const synced = { ...life, status_synced: unchanged && life.status_seq === status_seq }
      // Nothing leads to this object any more.
      if (current === undefined) {
        return { ...afterEvent(synced, { type: 'cancelled' }, Date.now()), erasing: true }
      }
      return current.status === 'stopped'
        ? afterAdopting(synced, Life.shape.state.parse(current), Date.now())
        : synced
    })
    // A slot is free; were Scheduler not told, its next tick would see it.
    if (state.status === 'stopped') await getScheduler(this.env).wake()
  }

  /** Has a container run the build. */
  async #create(claimed?: BuildToStart): Promise<void> {
    const { build_id, started_on } = this.#started()
    const build = claimed ?? (await this.#selectToStart(build_id))
    if (build === undefined) return this.#apply({ type: 'cancelled' })
    const { account_id, script_tag, created_on } = build
    const owner = { account_id, script_tag, created_on: created_on.getTime() }
    this.#change((life) => ({ ...life, build_uuid: build.build_uuid, owner }))
    if (build.build_token_secret_sealed === null) {
      return this.#apply({ type: 'start_failed', failure_reason: 'build_token_invalid' })
    }
    if (build.repo_disconnected) return this.#endDisconnected()
    const clone = await this.#cloneAccess(build)
    if (clone === undefined) return
    const deadline_on = started_on + build.build_timeout_seconds * 1_000
    try {
      const spec = await buildSpec(this.env, { build, clone, deadline_on })
      if (this.#started().state.status === 'stopped') return
      this.#change((life) => ({ ...life, deadline_on, container: 'asked' }))
      await this.#database.release()
      await this.#compute.createBuild(spec)
    } catch (error) {
      this.#change((life) => afterCreate(life, false, Date.now()))
      throw error
    }
    this.#change((life) => afterCreate(life, true, Date.now()))
  }

  async #selectToStart(build_id: BuildId): Promise<BuildToStart | undefined> {
    const [build] = await this.#database.use((store) => store.schedule.selectToStart([build_id]))
    return build
  }

  /** Undefined, and the build is over, when the provider does not let us at its repository. */
  async #cloneAccess({ repository }: BuildToStart): Promise<CloneAccess | undefined> {
    try {
      const opened = openConnected(this.env, repository, (work) => this.#database.use(work))
      return await opened.getCloneAccess()
    } catch (error) {
      if (!isBuildsError(error) || error.code !== 'repo_disconnected') throw error
      this.#endDisconnected(error.message)
      return undefined
    }
  }

  #endDisconnected(why?: string): void {
    this.ctx.storage.transactionSync(() => {
      const unfinished = this.#started().state.status !== 'stopped'
      if (why !== undefined && unfinished) this.#log.addLine(Date.now(), 'initializing', why)
      this.#apply({ type: 'start_failed', failure_reason: 'repo_disconnected' })
    })
  }

  /** Looks whether the container is alive; a compute that cannot be reached counts as not. */
  async #check(): Promise<void> {
    await this.#database.release()
    const health = await this.#compute.checkHealth(this.#uuid()).catch((error: unknown) => {
      logger.withFields(errorFields(error)).warn('the compute could not be asked about the build')
      return 'unreachable' as const
    })
    this.#change((life) => afterCheck(life, health, Date.now()))
  }

  async #stop(): Promise<void> {
    await this.#database.release()
    const failures = this.#started().retries.stop?.failures ?? 0
    if (failures < MOST_STOP_FAILURES) {
      await this.#compute.stopBuild(this.#uuid())
    } else {
      reportError(new Error('stop'), 'giving up stopping the container of a build that is over')
    }
    this.#change((life) => ({ ...life, container: 'gone' }))
  }

  async #queue(): Promise<void> {
    await this.env.BUILD_ERRORS_QUEUE.send(buildErrorsMessage(this.#started().build_id).body)
    this.#change((life) => ({ ...life, detection_queued: true }))
  }

  /** With the alarm, which `deleteAll` deletes too. */
  async #forget(): Promise<void> {
    this.#viewers.closeAll(LIVE_CLOSE_CODES.log_removed, 'the log was removed')
    await this.ctx.storage.deleteAll()
  }

  /**
   * Told first and noted then, in one go: were this object to die just between, the life would be
   * told once more. It never holds the build up.
   */
  #analyze(): void {
    try {
      const tags = { release: this.env.GIT_TAG, environment: this.env.ENVIRONMENT }
      const points = buildDataPoints(this.#started(), tags)
      for (const point of points) this.env.BUILD_ANALYTICS.writeDataPoint(point)
    } catch (error) {
      reportError(error, 'analytics was not told of a build')
    }
    this.#change((life) => ({ ...life, analyzed: true }))
  }

  #seal(): void {
    this.ctx.storage.transactionSync(() => {
      this.#log.compact()
      this.#change((life) => ({ ...life, sealed: true }))
    })
  }

  /** Lets `event` happen; an ending says so in the log. */
  #apply(event: BuildEvent): void {
    this.ctx.storage.transactionSync(() => {
      const now = Date.now()
      const before = this.#started()
      const after = afterEvent(before, event, now)
      if (after === before) return
      const message = controlLine(after.state)
      const step = after.steps.at(-1)?.step ?? 'initializing'
      if (after.state.status === 'stopped' && message) this.#log.addLine(now, step, message)
      this.#put(after)
    })
  }

  async #wake(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now())
  }

  #decide(): Decision {
    return decide(this.#started(), {
      now: Date.now(),
      runner_lines: this.#log.runnerLines,
      awake_since: this.awakeSince,
    })
  }

  #life(): Life | undefined {
    return this.#kv.get('life') ?? undefined
  }

  #started(): Life {
    const life = this.#life()
    if (life === undefined) throw new BuildsError('not_found', 'This build was never started.')
    return life
  }

  #uuid(): string {
    const { build_uuid } = this.#started()
    if (build_uuid === null) throw new Error('a container is asked for before its build is known')
    return build_uuid
  }

  /** The runner lives. */
  #heard(life: Life): void {
    const after = afterHearing(life, Date.now())
    if (after !== life) this.#put(after)
  }

  #change(change: (life: Life) => Life): void {
    this.#put(change(this.#started()))
  }

  #put(life: Life): void {
    this.#kv.put('life', life)
  }
}

/** client, which asked for the WebSocket, puts this into the envelope. */
function refuseViewer({ code, message, status }: BuildsError): Response {
  return Response.json({ code, message }, { status })
}
