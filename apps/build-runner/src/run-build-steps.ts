import { mkdir } from 'node:fs/promises'
import type { Step } from '@workers-builds/contracts'
import type { BuildContext } from './build-context.ts'
import type { Outcome } from './callbacks/status-reporter.ts'
import { cloneRepository } from './clone/clone-repository.ts'
import { runUserCommand } from './commands/user-command.ts'
import { install } from './install/install.ts'
import { StepFailed } from './step-failed.ts'
import type { StepRecorder } from './step-recorder.ts'

/**
 * Takes the steps of a build, one after the other, until one fails. Throws only what `signal`
 * aborts with: the build is over then, and has no outcome of ours.
 */
export async function runBuildSteps(
  build: BuildContext,
  {
    steps,
    onStep,
    signal,
  }: {
    steps: StepRecorder
    /** Reports to the control plane; resolves when the report is accepted. */
    onStep: () => Promise<void>
    signal: AbortSignal
  },
): Promise<Outcome> {
  let report = Promise.resolve()
  const take = async <Result>(step: Step, action: () => Promise<Result>): Promise<Result> => {
    build.log.step = step
    steps.begin(step)
    report = onStep()
    report.catch(() => {}) // it is awaited below; until then a failure is not unhandled
    return await action()
  }
  try {
    await take('initializing', () => initialize(build))
    // A build that never reported may be given to another container: nothing of it may have run.
    await report
    steps.end(null)
    const folder = await take('cloning', () => cloneRepository(build))
    steps.end(0)
    const installed = await take('installing', () => install(build, folder))
    const { environment, exit_code, caches } = installed
    steps.end(exit_code)
    for (const { step, kind, command } of userCommands(build)) {
      await take(step, () => runUserCommand(build, { kind, command, folder, environment }))
      steps.end(0)
    }
    await caches?.save()
    return { build_outcome: 'success', failure_reason: null, exit_code: null }
  } catch (error) {
    signal.throwIfAborted()
    const failure = asStepFailed(error)
    build.log.fixedSentence(failure.message)
    steps.end(failure.exit_code)
    const { failure_reason, exit_code } = failure
    return { build_outcome: 'fail', failure_reason, exit_code }
  }
}

async function initialize({ log, folders }: BuildContext): Promise<void> {
  log.sentence`Initializing build environment...`
  await mkdir(folders.tools, { recursive: true })
  log.sentence`Success: Finished initializing build environment`
}

function userCommands({ spec }: BuildContext) {
  return [
    { step: 'building', kind: 'build', command: spec.build_command },
    { step: 'deploying', kind: 'deploy', command: spec.deploy_command },
  ].filter(({ command }) => command.trim() !== '') as {
    step: Step
    kind: 'build' | 'deploy'
    command: string
  }[]
}

/** Whatever we did not foresee is our failure, not the user's. */
function asStepFailed(error: unknown): StepFailed {
  if (error instanceof StepFailed) return error
  // The stack alone: an error of a child process also has what the command was.
  console.error(error instanceof Error ? error.stack : typeof error)
  return new StepFailed({
    failure_reason: 'internal_error',
    exit_code: null,
    message: 'Failed: an internal error occurred',
  })
}
