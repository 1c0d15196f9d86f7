import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BuildSpec } from '@workers-builds/contracts'
import {
  anyOf,
  descendantsOf,
  killProcesses,
  ownedBy,
  startedWith,
  workingBelow,
} from '@workers-builds/process-tree'
import type { BuildContext } from './build-context.ts'
import type { BuildFolders } from './build-folders.ts'
import { ControlPlaneClient } from './callbacks/control-plane-client.ts'
import { LogSender } from './callbacks/log-sender.ts'
import { StatusReporter } from './callbacks/status-reporter.ts'
import { cloneSource, credentialSecrets } from './clone/git-credentials.ts'
import { buildUid } from './commands/act-as-user.ts'
import { BUILD_MARKER } from './commands/command-environment.ts'
import { CommandRunner } from './commands/command-runner.ts'
import { readDeployment } from './deployment/read-deployment.ts'
import { containerLimits } from './limits/container-limits.ts'
import { ReachedLimits, readLimitsFile } from './limits/reached-limits.ts'
import { watchDisk } from './limits/watch-disk.ts'
import { LogBuffer } from './output/log-buffer.ts'
import { LogWriter } from './output/log-writer.ts'
import { Masker } from './output/masker.ts'
import { runBuildSteps } from './run-build-steps.ts'
import { StepRecorder } from './step-recorder.ts'
import { BuildStopped, LAST_FLUSH_MS } from './stop-reason.ts'

/**
 * Runs a build from its first line to its last status. Answers with the reason when it was ended
 * early through `stop` (aborted with BuildStopped), or by the control plane; else with whether it
 * succeeded and may have saved something for later builds.
 */
export async function runBuild(options: {
  spec: BuildSpec
  /** The build's own, empty folder. */
  home: string
  /** Where the host passes archives of the build cache; undefined when it keeps none. */
  cacheFolder: string | undefined
  baseEnvironment: Record<string, string>
  /** Where the host says which limits it keeps the build to; undefined when it has none. */
  limitsFile: string | undefined
  /** Whether the user that we act as has no processes but those of this build. */
  ownUser: boolean
  stop: AbortController
}): Promise<BuildStopped | { hasCache: boolean }> {
  const { spec, home, baseEnvironment, limitsFile, ownUser, stop } = options
  const folders = await makeFolders(options)
  const buffer = new LogBuffer()
  const log = new LogWriter({ buffer, masker: new Masker(secretsOf(spec)) })
  // With a user of its own there is no other process of the build, and this is looked for often.
  const ofBuild = ownUser
    ? [ownedBy(buildUid() ?? 0)]
    : [startedWith(`${BUILD_MARKER}=${spec.build_uuid}`), workingBelow(home)]
  const everyProcess = anyOf(descendantsOf(process.pid), ...ofBuild)
  const killAll = () => killProcesses(everyProcess)
  const ofContainer = spec.instance_type && (await containerLimits(spec.instance_type))
  const ofHost = limitsFile === undefined ? [] : await readLimitsFile(limitsFile)
  const limits = new ReachedLimits(ofContainer?.all ?? ofHost)
  const commands = new CommandRunner({
    log,
    buffer,
    pipeFolder: folders.runner,
    limits,
    killAll,
    signal: stop.signal,
  })
  const { signal } = stop
  const build: BuildContext = { spec, folders, log, commands, baseEnvironment, signal }

  const silence = new AbortController()
  const client = new ControlPlaneClient(spec, silence.signal)
  const status = new StatusReporter(client, spec)
  const sender = new LogSender({ buffer, client })
  const refuse = (cause: unknown) => stop.abort(new BuildStopped('refused', { cause }))
  const sending = sender.run()
  sending.catch(refuse)
  const heartbeat = setInterval(
    () => void status.repeat().catch(refuse),
    spec.heartbeat_seconds * 1_000,
  )

  const endDiskWatch =
    ofContainer &&
    watchDisk(ofContainer, {
      home,
      onOver: async () => {
        limits.reach(ofContainer.disk)
        await killAll()
      },
    })

  try {
    const steps = new StepRecorder()
    const onStep = async () => {
      const report = status.running(steps.all())
      report.catch(refuse)
      await orAborted(report, stop.signal)
    }
    const outcome = await runBuildSteps(build, { steps, onStep, signal: stop.signal })
    sender.close()
    await orAborted(sending, stop.signal)
    const deployment = await readDeployment(folders)
    const report = {
      ...outcome,
      steps: steps.all(),
      line_count: buffer.lineCount,
      deployment,
      warnings: log.warnings(),
    }
    await orAborted(status.stopped(report), stop.signal)
    const hasCache = folders.cache !== undefined && outcome.build_outcome === 'success'
    return { hasCache }
  } catch (error) {
    const stopped = stop.signal.reason ?? error
    if (!(stopped instanceof BuildStopped)) throw error
    await killAll()
    sender.close()
    await Promise.race([sending.catch(() => {}), delay(LAST_FLUSH_MS[stopped.reason])])
    return stopped
  } finally {
    clearInterval(heartbeat)
    endDiskWatch?.()
    silence.abort()
  }
}

async function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function makeFolders({
  home,
  spec,
  cacheFolder,
}: {
  home: string
  spec: BuildSpec
  cacheFolder: string | undefined
}): Promise<BuildFolders> {
  const folders = {
    home,
    repository: join(home, 'repo'),
    tools: join(home, '.tools'),
    runner: join(home, '.runner'),
    cache:
      spec.cache === null || cacheFolder === undefined
        ? undefined
        : { restore: join(cacheFolder, 'restore'), save: join(cacheFolder, 'save') },
  }
  await mkdir(folders.runner, { mode: 0o700 })
  return folders
}

function secretsOf({ callback, repository, environment_variables }: BuildSpec): string[] {
  return [
    callback.token,
    ...credentialSecrets(cloneSource(repository).credentials),
    ...Object.values(environment_variables)
      .filter(({ is_secret }) => is_secret)
      .map(({ value }) => value),
  ]
}
